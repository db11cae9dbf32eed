using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>The embedding of a model's input ids, to which training may add noise (NEFTune; Jain et al. 2023, arXiv:2310.05914).</summary>
internal sealed class TokenEmbedding(long count, long size, int? paddingIndex = null) : Embedding(count, size, paddingIndex)
{
    /// <summary>The noise of a text of <c>n</c> tokens, padding included, is uniform up to this number divided by √(n·size); null: none.</summary>
    public double? NoiseAlpha { get; set; }

    /// <summary>What vectors are multiplied by; null: they are left.</summary>
    public float? Scale { get; init; }

    /// <summary>Vectors of ids in a layout.</summary>
    public Tensor Forward(Tensor ids, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var vectors = Scale is { } scale ? Forward(ids) * scale : Forward(ids);
        if (!training || NoiseAlpha is not { } alpha)
            return vectors.MoveToOuterDisposeScope();
        // In float32 and in this order, as the original computes it.
        var bound = 1 / MathF.Sqrt(layout.QueryLength * vectors.shape[^1]) * (float)alpha;
        return (vectors + empty_like(vectors, requires_grad: false).uniform_(-bound, bound)).MoveToOuterDisposeScope();
    }
}
