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
    private static readonly Dictionary<string, string> BertTokens = new()
    {
        ["unk"] = "[UNK]", ["sep"] = "[SEP]", ["pad"] = "[PAD]", ["cls"] = "[CLS]", ["mask"] = "[MASK]",
    };

    /// <summary>The classes with a vocab.txt and their default special tokens.</summary>
    public static IEnumerable<(string Name, TokenizerClass Class)> Classes =>
    [
        .. new[]
        {
            "BertTokenizer", "ConvBertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "LayoutLMTokenizer", "LxmertTokenizer", "MobileBertTokenizer",
            "SqueezeBertTokenizer",
        }.Select(name => (name, new TokenizerClass { SpecialTokens = BertTokens })),
        ("MPNetTokenizer", new TokenizerClass
        {
            SpecialTokens = new Dictionary<string, string>
            {
                ["bos"] = "<s>", ["eos"] = "</s>", ["unk"] = "[UNK]", ["sep"] = "</s>", ["pad"] = "<pad>", ["cls"] = "<s>", ["mask"] = "<mask>",
            },
            MaskTakesSpace = true,
        }),
    ];

    public static IReadOnlyList<string> Names { get; } = [TokenizerFiles.Vocabulary];

    public static Pipeline Read(TokenizerFiles files)
    {
        var context = files.Context(TokenizerFiles.Vocabulary);
        // As in Hugging Face Transformers, a byte order mark belongs to the first token, whose name is then found nowhere else.
        var vocabulary = Vocabulary.FromList([.. files.Lines(TokenizerFiles.Vocabulary, keepsMark: true)!.Select(line => line.TrimEnd())]);
        var (configuration, map) = (files.Json(TokenizerFiles.Configuration), files.Json(TokenizerFiles.SpecialTokens));
        var tokenizerClass = configuration?.OptionalText("tokenizer_class");
        var specialTokens = TokenizerClass.Find(tokenizerClass).SpecialTokens is { Count: > 0 } defaults ? defaults : BertTokens;
        var names = SpecialTokenNames.Read(configuration, map, specialTokens);
        var model = new WordPiece(vocabulary, names["unk"] ?? "[UNK]", "##", 100);
        var normalizer = new BertNormalizer(
            cleanText: true, configuration?.OptionalFlag("tokenize_chinese_chars") ?? true,
            configuration?.OptionalFlag("strip_accents"), configuration?.OptionalFlag("do_lower_case") ?? true);
        var added = new AddedVocabulary(DeclaredTokens.Read(files, specialTokens, []), vocabulary, normalizer);
        var (cls, sep) = (Id("cls", "[CLS]"), Id("sep", "[SEP]"));
        // Among the classes with a vocab.txt, only MPNet puts two separators between texts and assigns token type 0 to all tokens.
        IPostProcessor processor = tokenizerClass?.StartsWith("MPNet", StringComparison.Ordinal) == true
            ? new RobertaProcessing(cls, sep, trimOffsets: true, addsPrefixSpace: false)
            : new BertProcessing(cls, sep);
        return new Pipeline(
            normalizer, new BertPreTokenizer(), model, processor.Amend(PostProcessing.None), new WordPieceDecoder("##", cleanUp: true), added)
        {
            SpecialTokens = specialTokens,
        };

        int Id(string role, string usual) => added.Find(names[role] ?? usual)
            ?? throw context.Error("", $"the vocabulary of {vocabulary.Count} tokens lacks '{names[role] ?? usual}'; " +
                $"add it, or name the {role}_token in {TokenizerFiles.Configuration}.");
    }
}
