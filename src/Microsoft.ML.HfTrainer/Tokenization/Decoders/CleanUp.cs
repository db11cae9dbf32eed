namespace Microsoft.ML.HfTrainer.Tokenization.Decoders;

/// <summary>Removes the spaces before English punctuation and contractions that joining tokens produces.</summary>
internal static class CleanUp
{
    // Applied by the WordPiece decoder only.
    private static readonly (string From, string To) DoNot = (" do not", " don't");

    // The order of Hugging Face Transformers, which affects the result.
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
