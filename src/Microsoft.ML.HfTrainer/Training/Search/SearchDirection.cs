namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies which objective of a search is better.</summary>
public enum SearchDirection
{
    /// <summary>The lower objective.</summary>
    Minimize,

    /// <summary>The higher objective.</summary>
    Maximize,
}
