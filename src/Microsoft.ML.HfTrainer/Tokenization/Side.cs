namespace Microsoft.ML.HfTrainer;

/// <summary>The side of a sequence on which padding is added or from which tokens are removed.</summary>
public enum Side
{
    /// <summary>The end of the sequence.</summary>
    Right,

    /// <summary>The beginning of the sequence.</summary>
    Left,
}
