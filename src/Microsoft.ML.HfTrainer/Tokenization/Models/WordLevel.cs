using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>Maps each word to its token, or to the unknown token.</summary>
internal sealed class WordLevel : IModel, IPart<WordLevel>
{
    private readonly int _unknownId;

    /// <summary>Creates the model; the vocabulary must contain <paramref name="unknownToken"/>.</summary>
    public WordLevel(Vocabulary vocabulary, string unknownToken, LoadContext context)
    {
        Vocabulary = vocabulary;
        UnknownToken = unknownToken;
        _unknownId = vocabulary.Find(unknownToken)
            ?? throw context.Error("model", $"the vocabulary of {vocabulary.Count} tokens lacks the unknown token '{unknownToken}'; add it or name another.");
    }

    public static string TypeName => "WordLevel";

    public Vocabulary Vocabulary { get; }

    public string UnknownToken { get; }

    public static WordLevel Read(PartReader json) =>
        new(Vocabulary.Read(json.Object("vocab")), json.OptionalText("unk_token") ?? "<unk>", json.Context);

    public void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens) =>
        tokens.Add(new ModelToken(Vocabulary.Find(word) ?? _unknownId, 0, word.Length));
}
