using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The embedding of a model's input ids, ids <c>[...]</c> to vectors <c>[..., hidden size]</c>, to which training may add noise (NEFTune; Jain et al. 2023, arXiv:2310.05914).</summary>
/// <param name="count">The number of tokens in the vocabulary.</param>
/// <param name="size">The size of a vector.</param>
/// <param name="paddingIndex">The id of padding. If null, there is none.</param>
public sealed class TokenEmbedding(long count, long size, int? paddingIndex = null) : Embedding(count, size, paddingIndex)
{
    /// <summary>The factor by which vectors are multiplied. If null, they are not.</summary>
    public float? Scale { get; init; }

    /// <summary>The noise of a text of <c>n</c> tokens, padding included, is uniform up to this number divided by √(n·size). If null, there is none.</summary>
    internal double? NoiseAlpha { get; set; }

    /// <summary>Returns the vectors of the ids of a layout, with noise in training.</summary>
    /// <param name="ids">Ids in the layout.</param>
    /// <param name="layout">The layout.</param>
    public Tensor Forward(Tensor ids, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var vectors = Scale is { } scale ? Forward(ids) * scale : Forward(ids);
        if (!training || NoiseAlpha is not { } alpha)
            return vectors.MoveToOuterDisposeScope();
        // In float32 and in this order, as Hugging Face computes it.
        var bound = 1 / MathF.Sqrt(layout.QueryLength * vectors.shape[^1]) * (float)alpha;
        return (vectors + empty_like(vectors, requires_grad: false).uniform_(-bound, bound)).MoveToOuterDisposeScope();
    }
}
