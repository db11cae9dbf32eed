namespace Microsoft.ML.HfTrainer;

/// <summary>What stands on top of a model's body.</summary>
public enum ModelHead
{
    /// <summary>A class, classes or numbers for a whole text.</summary>
    SequenceClassification,
}
