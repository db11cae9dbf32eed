using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A part of a transformer layer whose output, hidden states of the shape of its input, is added to the residual path, such as <see cref="SelfAttention"/> or a feed-forward network.</summary>
public abstract class Sublayer : Layer
{
    /// <summary>Returns what the sublayer adds to hidden states, in their shape.</summary>
    /// <param name="hidden">Hidden states, <c>[..., hidden size]</c>, in the layout <paramref name="layout"/>.</param>
    /// <param name="layout">The layout of the batch.</param>
    public abstract Tensor Forward(Tensor hidden, TokenLayout layout);
}
