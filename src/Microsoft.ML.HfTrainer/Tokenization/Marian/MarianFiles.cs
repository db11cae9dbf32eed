using Microsoft.ML.HfTrainer.Tokenization.AddedTokens;
using Microsoft.ML.HfTrainer.Tokenization.Encodings;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Models;
using Microsoft.ML.HfTrainer.Tokenization.PostProcessors;
using Microsoft.ML.HfTrainer.Tokenization.SentencePiece;

namespace Microsoft.ML.HfTrainer.Tokenization.Marian;

/// <summary>
/// Builds the pipelines of a Marian translation model: a SentencePiece model each for the source and the target language, and one vocabulary for the
/// pieces of both. (In Microsoft.ML.Tokenizers, ids are always those of the SentencePiece model itself.)
/// </summary>
internal sealed class MarianFiles : IRawFiles
{
    public const string TokenizerClass = "MarianTokenizer";

    private const string Source = "source.spm", Target = "target.spm", VocabularyFile = "vocab.json";

    /// <summary>The special tokens by role that apply if no file names them.</summary>
    public static IReadOnlyDictionary<string, string> SpecialTokens { get; } = new Dictionary<string, string> { ["eos"] = "</s>", ["unk"] = "<unk>", ["pad"] = "<pad>" };

    public static IReadOnlyList<string> Names { get; } = [Source, Target, VocabularyFile];

    public static Pipeline Read(TokenizerFiles files)
    {
        var (json, configuration) = (files.Json(VocabularyFile)!.Value, files.Json(TokenizerFiles.Configuration));
        if (configuration?.OptionalFlag("separate_vocabs") == true)
        {
            throw new NotSupportedException(
                $"The tokenizer '{files.Name}' has a vocabulary for each language ('separate_vocabs' in {TokenizerFiles.Configuration}); one for both is supported.");
        }
        var vocabulary = Vocabulary.Read(json);
        var tokens = DeclaredTokens.Read(files, SpecialTokens, []);
        var added = new AddedVocabulary(tokens, vocabulary, null);
        var names = SpecialTokenNames.Read(configuration, files.Json(TokenizerFiles.SpecialTokens), SpecialTokens);
        var unknown = Id("unk", vocabulary.Find);
        var end = TemplatePiece.Special(0, Id("eos", added.Find));
        var processing = new PostProcessing(
            new TokenTemplate([TemplatePiece.Text(0, 0), end]),
            new TokenTemplate([TemplatePiece.Text(0, 0), TemplatePiece.Text(1, 0), end]),
            TruncatesToNothing: true);
        var special = tokens.Where(token => token.Special).Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        return ReadLanguage(Source) with { Target = ReadLanguage(Target) };

        int Id(string role, Func<string, int?> find) => names[role] is { } token && find(token) is { } id ? id : throw json.Context.Error(
            "", $"the vocabulary of {vocabulary.Count} tokens lacks the {role}_token '{names[role]}'; add it, or name another in {TokenizerFiles.Configuration}.");

        Pipeline ReadLanguage(string file)
        {
            var context = files.Context(file);
            var pieces = SentencePieceModel.Read(files.All[file], context);
            return new Pipeline(
                null, new MarianPreTokenizer(new PieceNormalizer(pieces, context)), new MarianModel(PieceEncoder.Of(pieces, context), vocabulary, unknown),
                processing, new MarianDecoder(new PieceDecoder(pieces), special), added) { TokenizerClass = TokenizerClass };
        }
    }
}
