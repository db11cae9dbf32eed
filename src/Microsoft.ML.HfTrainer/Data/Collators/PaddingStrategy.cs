namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies the length to which a collator pads.</summary>
public enum PaddingStrategy
{
    /// <summary>The length of the longest example of the batch.</summary>
    Longest,

    /// <summary>A fixed length, the same for all batches.</summary>
    MaxLength,

    /// <summary>No padding: all examples of a batch must have the same length.</summary>
    DoNotPad,
}
