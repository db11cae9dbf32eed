namespace Microsoft.ML.HfTrainer;

/// <summary>How one vector is made of the hidden states of a text's tokens. Padding, on either side, takes no part.</summary>
public enum EmbeddingPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The first token's.</summary>
    Cls,

    /// <summary>The last token's.</summary>
    LastToken,

    /// <summary>The largest of each element.</summary>
    Max,

    /// <summary>Their sum, divided by the square root of their number.</summary>
    MeanSqrtLength,

    /// <summary>Their mean, in which each counts as much as its place in the row, counted from 1 (Muennighoff 2022, arXiv:2202.08904).</summary>
    WeightedMean,
}
