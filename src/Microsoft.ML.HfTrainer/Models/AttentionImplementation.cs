namespace Microsoft.ML.HfTrainer;

/// <summary>How attention is computed.</summary>
public enum AttentionImplementation
{
    /// <summary>Scaled dot-product attention of libtorch: one fused operator where it can be.</summary>
    Sdpa,

    /// <summary>Scores, softmax and weighted sum one by one; slower, for checking.</summary>
    Eager,
}
