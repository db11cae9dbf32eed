using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>One of the like layers that an encoder is a stack of.</summary>
internal abstract class EncoderLayer : Layer
{
    /// <summary>Keeps the input alone in training and computes the rest again in the backward pass; null: all is kept.</summary>
    public Recomputation? Recomputation { get; set; }

    /// <summary>Hidden states after the layer. Queries, keys and values are of the same texts.</summary>
    public Tensor Run(Tensor hidden, TokenLayout layout) => training && layout is not TargetLayout && Recomputation is { } recomputation
        ? recomputation.Run(hidden, (input, again) => Forward(input, again ? layout.Again() : layout))
        : Forward(hidden, layout);

    protected abstract Tensor Forward(Tensor hidden, TokenLayout layout);
}
