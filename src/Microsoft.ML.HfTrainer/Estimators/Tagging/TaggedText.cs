namespace Microsoft.ML.HfTrainer.Estimators.Tagging;

/// <summary>The tags of a text.</summary>
/// <param name="Tokens">The probability of each tag, of each token.</param>
internal sealed record TaggedText(float[][] Tokens)
{
    /// <summary>The tags of the words, once the windows of the text are joined. A word without tokens has the tag -1.</summary>
    public ScoredTag[] Words { get; init; } = [];

    /// <summary>The entities in the order of the text.</summary>
    public EntitySpan[] Entities { get; init; } = [];
}

/// <summary>A tag and its probability.</summary>
internal readonly record struct ScoredTag(int Tag, float Score)
{
    /// <summary>Returns the tag with the highest probability; -1 if no probability is a number.</summary>
    /// <param name="scores">The probability of each tag.</param>
    public static ScoredTag Best(float[] scores) => BestScore.IndexOf(scores) is >= 0 and var best ? new(best, scores[best]) : new(-1, float.NaN);
}

/// <summary>An entity.</summary>
/// <param name="Label">Its type.</param>
/// <param name="Start">Its start in the text.</param>
/// <param name="End">Its end, exclusive.</param>
/// <param name="Score">The mean probability of its tags.</param>
internal readonly record struct EntitySpan(string Label, int Start, int End, float Score);
