using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training.Losses.Sentences;

/// <summary>Similarities and distances of vectors: of pairs, <c>[batch]</c>, and of all with all, <c>[rows, columns]</c>.</summary>
internal static class VectorDistances
{
    // PyTorch adds it to each difference, so that equal vectors have a gradient too.
    private const double PairMargin = 1e-6;

    private static readonly Dictionary<SentenceDistance, (Func<Tensor, Tensor, Tensor> Pairs, Func<Tensor, Tensor> Matrix)> _distances = new()
    {
        [SentenceDistance.Cosine] = ((a, b) => 1 + -Cosine(a, b), all => 1 + -CosineMatrix(all, all)),
        [SentenceDistance.Euclidean] = ((a, b) => (a - b + PairMargin).pow(2).sum(-1).sqrt(), EuclideanMatrix),
        [SentenceDistance.Manhattan] = ((a, b) => (a - b + PairMargin).abs().sum(-1), all => (all.unsqueeze(1) - all.unsqueeze(0)).abs().sum(-1)),
    };

    public static Tensor Pairs(this SentenceDistance distance, Tensor a, Tensor b) => _distances[distance].Pairs(a, b);

    public static Tensor Matrix(this SentenceDistance distance, Tensor all) => _distances[distance].Matrix(all);

    /// <summary>The cosines of pairs.</summary>
    public static Tensor Cosine(Tensor a, Tensor b) => (Unit(a) * Unit(b)).sum(-1);

    /// <summary>The cosine of each row of one matrix with each row of another.</summary>
    public static Tensor CosineMatrix(Tensor a, Tensor b) => Unit(a).matmul(Unit(b).T);

    private static Tensor Unit(Tensor vectors) => nn.functional.normalize(vectors, p: 2, dim: -1);

    // The root has no gradient at 0, where two vectors are equal, as each is to itself.
    private static Tensor EuclideanMatrix(Tensor all)
    {
        var products = all.matmul(all.T);
        var squares = products.diagonal();
        var squared = (squares.unsqueeze(0) + -2 * products + squares.unsqueeze(1)).clamp_min(0);
        var equal = squared.eq(0);
        return squared.masked_fill(equal, 1).sqrt().masked_fill(equal, 0);
    }
}
