namespace Microsoft.ML.HfTrainer.Tokenization.PostProcessors;

/// <summary>The same marks around every text of a pair as around a single one.</summary>
internal static class MarkTemplate
{
    /// <summary>Makes the templates; a mark that is null is left out. The second text and its marks have the type 1.</summary>
    public static PostProcessing Make(int? begin, int? end)
    {
        return new PostProcessing(new TokenTemplate([.. Around(0)]), new TokenTemplate([.. Around(0), .. Around(1)]));

        IEnumerable<TemplatePiece> Around(int sequence) => [.. Mark(begin, sequence), TemplatePiece.Text(sequence, sequence), .. Mark(end, sequence)];

        static IEnumerable<TemplatePiece> Mark(int? id, int sequence) => id is { } mark ? [TemplatePiece.Special(sequence, mark)] : [];
    }
}
