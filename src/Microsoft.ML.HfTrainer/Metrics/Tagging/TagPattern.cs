namespace Microsoft.ML.HfTrainer.Metrics.Tagging;

/// <summary>A pattern of two consecutive tags.</summary>
/// <param name="Before">The possible prefixes of the first tag.</param>
/// <param name="After">The possible prefixes of the second tag.</param>
/// <param name="Same">true if their types must be equal, false if they must differ; null if either matches.</param>
internal sealed record TagPattern(string Before, string After, bool? Same = null)
{
    public static bool Fits(TagPattern[] patterns, Tag before, Tag after) => Array.Exists(patterns, p =>
        p.Before.Contains(before.Prefix) && p.After.Contains(after.Prefix) && (p.Same is null || p.Same == (before.Type == after.Type)));
}
