using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>Maps each word to its token, or to the unknown token.</summary>
internal sealed class WordLevel : IModel, IPart<WordLevel>
{
    private readonly int? _unknownId;

    /// <summary>Creates the model; only texts with unknown words need <paramref name="unknownToken"/> in the vocabulary.</summary>
    public WordLevel(Vocabulary vocabulary, string unknownToken)
    {
        Vocabulary = vocabulary;
        UnknownToken = unknownToken;
        _unknownId = vocabulary.Find(unknownToken);
    }

    public static string TypeName => "WordLevel";

    public Vocabulary Vocabulary { get; }

    public string UnknownToken { get; }

    public static WordLevel Read(PartReader json) =>
        new(Vocabulary.Read(json.Object("vocab")), json.OptionalText("unk_token") ?? "<unk>");

    public void Tokenize(ReadOnlySpan<char> word, List<ModelToken> tokens) =>
        tokens.Add(new ModelToken(Vocabulary.Find(word) ?? _unknownId ?? throw Vocabulary.LacksUnknown(UnknownToken, word), 0, word.Length));
}
