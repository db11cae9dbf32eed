namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Takes away the spaces before English punctuation and contractions that joining tokens leaves.</summary>
internal static class CleanUp
{
    // In the original's order, on which the outcome depends. The decoder of WordPiece has a list of its own, with one change more.
    private static readonly (string From, string To)[] Changes =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static string Apply(string text)
    {
        foreach (var (from, to) in Changes)
            text = text.Replace(from, to, StringComparison.Ordinal);
        return text;
    }
}
