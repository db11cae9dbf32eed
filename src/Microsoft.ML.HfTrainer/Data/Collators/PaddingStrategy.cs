namespace Microsoft.ML.HfTrainer;

/// <summary>To which length a collator pads.</summary>
public enum PaddingStrategy
{
    /// <summary>That of the longest example of the batch.</summary>
    Longest,

    /// <summary>A given one, for every batch.</summary>
    MaxLength,

    /// <summary>None: examples of a batch have one length already.</summary>
    DoNotPad,
}
