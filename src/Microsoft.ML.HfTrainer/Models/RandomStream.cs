namespace Microsoft.ML.HfTrainer;

/// <summary>Specifies how random numbers for dropout are drawn.</summary>
public enum RandomStream
{
    /// <summary>From a separate stream, in blocks, over batches without padding: faster, with the same statistics.</summary>
    Fast,

    /// <summary>As PyTorch draws them, over padded batches: on the CPU, the same seed gives the same dropout masks, and thus the same losses, as in Python.</summary>
    Reference,
}
