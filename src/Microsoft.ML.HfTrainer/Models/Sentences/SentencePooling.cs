using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Sentences;

/// <summary>A pooling and its names in files.</summary>
/// <param name="Value">The pooling.</param>
/// <param name="Name">Its name in <c>pooling_mode</c>.</param>
/// <param name="Flag">The field of older files that is true if it is used.</param>
/// <param name="Of">Computes vectors <c>[batch, size]</c> from hidden states.</param>
internal sealed record SentencePooling(EmbeddingPooling Value, string Name, string Flag, SentencePooling.Function Of)
{
    /// <param name="rows">Hidden states, <c>[batch, length, size]</c>.</param>
    /// <param name="isToken">True at a token and false at padding, <c>[batch, length]</c>. If null, there is no padding.</param>
    public delegate Tensor Function(Tensor rows, Tensor? isToken);

    // Less than any number of tokens: the mean of a text without tokens is 0.
    private const double FewestTokens = 1e-9;

    /// <summary>All poolings, in the order in which the vectors of several are concatenated if files have flags.</summary>
    public static IReadOnlyList<SentencePooling> All { get; } =
    [
        new(EmbeddingPooling.Cls, "cls", "pooling_mode_cls_token", First),
        new(EmbeddingPooling.Max, "max", "pooling_mode_max_tokens", Largest),
        new(EmbeddingPooling.Mean, "mean", "pooling_mode_mean_tokens", (rows, isToken) => Sum(rows, Weights(rows, isToken)) / Count(Weights(rows, isToken))),
        new(EmbeddingPooling.MeanSqrtLength, "mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens", (rows, isToken) => Sum(rows, Weights(rows, isToken)) / Count(Weights(rows, isToken)).sqrt()),
        new(EmbeddingPooling.WeightedMean, "weightedmean", "pooling_mode_weightedmean_tokens", (rows, isToken) => Sum(rows, Places(rows, isToken)) / Count(Places(rows, isToken))),
        new(EmbeddingPooling.LastToken, "lasttoken", "pooling_mode_lasttoken", Last),
    ];

    /// <summary>Returns the pooling of a value.</summary>
    public static SentencePooling For(EmbeddingPooling value) => All.First(p => p.Value == value);

    private static Tensor First(Tensor rows, Tensor? isToken) =>
        isToken is null ? rows.select(1, 0) : rows[arange(rows.shape[0], device: rows.device), isToken.to(ScalarType.Int32).argmax(1)];

    private static Tensor Last(Tensor rows, Tensor? isToken)
    {
        if (isToken is null)
            return rows.select(1, rows.shape[1] - 1);
        var last = (arange(rows.shape[1], device: rows.device) * isToken).argmax(1);
        // Zeros for a text without tokens.
        var isThere = isToken.gather(1, last.unsqueeze(1)).to(rows.dtype);
        return rows[arange(rows.shape[0], device: rows.device), last] * isThere;
    }

    private static Tensor Largest(Tensor rows, Tensor? isToken) =>
        (isToken is null ? rows : rows.masked_fill(isToken.logical_not().unsqueeze(-1), float.NegativeInfinity)).max(1).values;

    private static Tensor Weights(Tensor rows, Tensor? isToken) =>
        isToken is null ? ones([rows.shape[0], rows.shape[1], 1], rows.dtype, rows.device) : isToken.unsqueeze(-1).to(rows.dtype);

    private static Tensor Places(Tensor rows, Tensor? isToken) => Weights(rows, isToken) * arange(1, rows.shape[1] + 1, rows.dtype, rows.device).view(1, -1, 1);

    private static Tensor Sum(Tensor rows, Tensor weights) => (rows * weights).sum(1);

    private static Tensor Count(Tensor weights) => weights.sum(1).clamp_min(FewestTokens);
}
