using Microsoft.ML.HfTrainer.Tokenization.Loading;

namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Puts a space before each token that does not continue a word, and may take spaces before punctuation away again.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanUp) : IDecoder, IPart<WordPieceDecoder>
{
    // English contractions and punctuation as the original has them, in its order.
    private static readonly (string From, string To)[] CleanUps =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static string TypeName => "WordPiece";

    public static WordPieceDecoder Read(PartReader json) => new(json.OptionalText("prefix") ?? "##", json.Flag("cleanup", true));

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Decode)];

    private string Decode(string token, int index)
    {
        if (index > 0)
            token = prefix.Length > 0 && token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleanUp ? CleanUps.Aggregate(token, (text, change) => text.Replace(change.From, change.To, StringComparison.Ordinal)) : token;
    }
}
