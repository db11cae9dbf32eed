using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Decoders;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.Normalizers;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.PreTokenizers;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>Builds the pipeline of BERT from vocab.txt and the settings of tokenizer_config.json.</summary>
internal sealed class VocabularyText : IRawFiles
{
    private static readonly string[] Roles = ["pad", "unk", "cls", "sep", "mask", "bos", "eos"];

    public static IReadOnlyList<string> Names { get; } = [TokenizerFiles.Vocabulary];

    public static Pipeline Read(TokenizerFiles files)
    {
        var context = files.Context(TokenizerFiles.Vocabulary);
        var vocabulary = Vocabulary.FromList(files.Lines(TokenizerFiles.Vocabulary)!, context);
        var (configuration, map) = (files.Json(TokenizerFiles.Configuration), files.Json(TokenizerFiles.SpecialTokens));
        var names = SpecialTokenNames.Read(configuration, map, token => vocabulary.Find(token) is not null);
        var model = new WordPiece(vocabulary, names["unk"] ?? "[UNK]", "##", 100, context);
        var normalizer = new BertNormalizer(
            cleanText: true, configuration?.OptionalFlag("tokenize_chinese_chars") ?? true,
            configuration?.OptionalFlag("strip_accents"), configuration?.OptionalFlag("do_lower_case") ?? true);
        var added = new AddedVocabulary(ReadAddedTokens(configuration, map, names, vocabulary), vocabulary, normalizer, context);
        var (cls, sep) = (Id("cls", "[CLS]"), Id("sep", "[SEP]"));
        // Among the classes with a vocab.txt, only MPNet puts two separators between texts and assigns token type 0 to all tokens.
        IPostProcessor processor = configuration?.OptionalText("tokenizer_class")?.StartsWith("MPNet", StringComparison.Ordinal) == true
            ? new RobertaProcessing(cls, sep, trimOffsets: true, addsPrefixSpace: false)
            : new BertProcessing(cls, sep);
        return new Pipeline(
            normalizer, new BertPreTokenizer(), model, processor.Amend(PostProcessing.None), new WordPieceDecoder("##", cleanUp: true), added);

        int Id(string role, string usual) => added.Find(names[role] ?? usual)
            ?? throw context.Error("", $"the vocabulary of {vocabulary.Count} tokens lacks '{names[role] ?? usual}'; " +
                $"add it, or name the {role}_token in {TokenizerFiles.Configuration}.");
    }

    private static Dictionary<string, AddedToken>.ValueCollection ReadAddedTokens(
        PartReader? configuration, PartReader? map, SpecialTokenNames names, Vocabulary vocabulary)
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        if (configuration?.Child("added_tokens_decoder") is { } decoder)
        {
            foreach (var entry in decoder.Element.EnumerateObject())
            {
                var token = AddedToken.Read(decoder.Object(entry.Name), int.TryParse(entry.Name, out var id)
                    ? id
                    : throw decoder.Error($"found '{entry.Name}'; a key must be the id of a token."));
                tokens[token.Content] = token;
            }
        }
        var next = vocabulary.Count;
        foreach (var role in Roles)
        {
            if (names[role] is not { } name || tokens.ContainsKey(name))
                continue;
            var id = vocabulary.Find(name) ?? next++;
            tokens[name] = SpecialTokenNames.Declared(configuration, role, id) ?? SpecialTokenNames.Declared(map, role, id)
                ?? new AddedToken(id, name) { Special = true };
        }
        return tokens.Values;
    }
}
