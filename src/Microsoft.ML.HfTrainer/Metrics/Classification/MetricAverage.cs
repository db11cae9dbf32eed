namespace Microsoft.ML.HfTrainer;

/// <summary>How scores of single classes become one.</summary>
public enum MetricAverage
{
    /// <summary>The score of the positive class of two.</summary>
    Binary,

    /// <summary>The score of all examples taken together.</summary>
    Micro,

    /// <summary>The mean over classes.</summary>
    Macro,

    /// <summary>The mean over classes, each weighted by how many examples it has.</summary>
    Weighted,

    /// <summary>No average: a value for each class.</summary>
    PerLabel,
}
