namespace Microsoft.ML.HfTrainer;

/// <summary>What a column of a file holds.</summary>
public enum FeatureType
{
    /// <summary>Texts.</summary>
    Text,

    /// <summary>Whole numbers of 32 bits.</summary>
    Integer,

    /// <summary>Real numbers of 32 bits.</summary>
    Real,
}
