namespace Microsoft.ML.HfTrainer;

/// <summary>Which objective of a search is better.</summary>
public enum SearchDirection
{
    /// <summary>The lower one.</summary>
    Minimize,

    /// <summary>The higher one.</summary>
    Maximize,
}
