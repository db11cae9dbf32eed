using TorchSharp;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The ways in which attention can be computed.</summary>
internal enum AttentionKernel
{
    /// <summary>PyTorch's <c>scaled_dot_product_attention</c>, which does not store the scores.</summary>
    Fused,

    /// <summary>One token of each text over the keys and values of those before it, in one pass over them.</summary>
    OneToken,

    /// <summary>Scores, softmax and weighted sum as operators of their own.</summary>
    Eager,
}

/// <summary>The conditions that decide which kernel computes attention. <see cref="Kernel"/> is the only place that does.</summary>
/// <param name="Requested">The implementation that the user asked for.</param>
/// <param name="Device">The device of queries, keys and values.</param>
/// <param name="IsPacked">true if queries are packed without padding, <c>[tokens, size]</c>.</param>
/// <param name="HasPadding">true if some queries may be padding.</param>
/// <param name="HasBias">true if a bias is added to the scores.</param>
/// <param name="HasSoftCap">true if scores are soft-capped.</param>
/// <param name="Dropout">The probability of dropout in force.</param>
/// <param name="Stream">The source of dropout's random numbers.</param>
/// <param name="NeedsGradient">true if gradients are recorded.</param>
/// <param name="IsOneToken">true if one token of each text is computed, with numbers that the library's own kernels take.</param>
internal readonly record struct AttentionConditions(
    AttentionImplementation Requested, DeviceType Device, bool IsPacked, bool HasPadding, bool HasBias, bool HasSoftCap, double Dropout, RandomStream Stream, bool NeedsGradient, bool IsOneToken)
{
    /// <summary>Gets the kernel; the first row that applies decides.</summary>
    public AttentionKernel Kernel => this switch
    {
        { Requested: AttentionImplementation.Eager } => AttentionKernel.Eager,
        // The fused operator has no soft-capping.
        { HasSoftCap: true } => AttentionKernel.Eager,
        // It draws dropout masks by itself. Those of the fast stream exist on the CPU alone.
        { Dropout: > 0, Stream: RandomStream.Fast, Device: DeviceType.CPU } => AttentionKernel.Eager,
        // Its backward pass loses the attention weights of a query that sees no key: the logarithm of their sum vanishes beside the lowest number.
        { HasBias: true, HasPadding: true, NeedsGradient: true } => AttentionKernel.Eager,
        { IsOneToken: true, IsPacked: false, Dropout: 0 } => AttentionKernel.OneToken,
        // Packed sequences are padded for it; a kernel for sequences of different lengths would be a row of its own.
        { IsPacked: true } => AttentionKernel.Fused,
        _ => AttentionKernel.Fused,
    };
}
