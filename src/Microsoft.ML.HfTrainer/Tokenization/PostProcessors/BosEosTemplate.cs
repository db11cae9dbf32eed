namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>A template that adds the same special tokens to each text of a pair as to a single text.</summary>
internal static class BosEosTemplate
{
    /// <summary>Creates the templates; a token that is null is left out. The second text and its special tokens have token type 1.</summary>
    public static PostProcessing Make(int? begin, int? end)
    {
        return new PostProcessing(new TokenTemplate([.. Around(0)]), new TokenTemplate([.. Around(0), .. Around(1)]));

        IEnumerable<TemplatePiece> Around(int sequence) => [.. Token(begin, sequence), TemplatePiece.Text(sequence, sequence), .. Token(end, sequence)];

        static IEnumerable<TemplatePiece> Token(int? id, int sequence) => id is { } token ? [TemplatePiece.Special(sequence, token)] : [];
    }
}
