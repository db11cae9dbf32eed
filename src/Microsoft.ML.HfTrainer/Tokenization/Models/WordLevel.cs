using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>Each word is a token, or unknown.</summary>
internal sealed class WordLevel : IModel, IPart<WordLevel>
{
    private readonly int _unknownId;

    /// <summary>Makes the model; the vocabulary must contain <paramref name="unknownToken"/>.</summary>
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
