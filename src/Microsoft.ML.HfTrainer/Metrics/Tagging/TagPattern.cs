namespace Microsoft.ML.HfTrainer.Metrics.Tagging;

/// <summary>Two tags in a row.</summary>
/// <param name="Before">What the first may begin with.</param>
/// <param name="After">What the second may begin with.</param>
/// <param name="Same">Whether their types have to be the same or have to differ; null: either.</param>
internal sealed record TagPattern(string Before, string After, bool? Same = null)
{
    public static bool Fits(TagPattern[] patterns, Tag before, Tag after) => Array.Exists(patterns, p =>
        p.Before.Contains(before.Prefix) && p.After.Contains(after.Prefix) && (p.Same is null || p.Same == (before.Type == after.Type)));
}
