namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies how the scores of single classes are averaged.</summary>
public enum MetricAverage
{
    /// <summary>The score of the positive one of two classes.</summary>
    Binary,

    /// <summary>The score computed from the counts of all classes together.</summary>
    Micro,

    /// <summary>The unweighted mean over classes.</summary>
    Macro,

    /// <summary>The mean over classes, weighted by the number of examples of each.</summary>
    Weighted,

    /// <summary>No average: one score per class.</summary>
    PerLabel,
}
