namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Takes away the spaces before English punctuation and contractions that joining tokens leaves.</summary>
internal static class CleanUp
{
    // The decoder of WordPiece alone makes this one.
    private static readonly (string From, string To) DoNot = (" do not", " don't");

    // In the original's order, on which the outcome depends.
    private static readonly (string From, string To)[] Changes =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), DoNot, (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static string Apply(string text, bool contractsDoNot = false)
    {
        foreach (var change in Changes)
        {
            if (contractsDoNot || change != DoNot)
                text = text.Replace(change.From, change.To, StringComparison.Ordinal);
        }
        return text;
    }
}
