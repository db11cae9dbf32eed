namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the type of a column of a file.</summary>
public enum FeatureType
{
    /// <summary>Strings.</summary>
    Text,

    /// <summary>32-bit integers.</summary>
    Integer,

    /// <summary>32-bit floating-point numbers.</summary>
    Real,
}
