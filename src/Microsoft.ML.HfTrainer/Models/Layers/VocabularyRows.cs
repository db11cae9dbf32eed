using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Resizes tables with a row for each token, in place: a table stays the same tensor, so that tied weights stay tied.</summary>
internal static class VocabularyRows
{
    // The covariance of new rows around the mean of the old ones, in units of the old rows' covariance.
    private const double Spread = 1e-9;

    /// <summary>Changes the number of rows of a table. Random numbers are drawn as Hugging Face Transformers draws them.</summary>
    /// <param name="table">The vectors of tokens, <c>[count, size]</c>.</param>
    /// <param name="count">The new number of rows.</param>
    /// <param name="deviation">The standard deviation of new rows around 0. If null, they are drawn around the mean of the old ones, with a billionth of their covariance
    /// (Hewitt 2021), so that a model's distribution of next tokens hardly changes.</param>
    public static void Resize(Tensor table, long count, double? deviation)
    {
        using var scope = NewDisposeScope();
        var old = table.detach();
        var resized = empty([count, old.shape[1]], old.dtype, old.device);
        if (count > old.shape[0])
        {
            if (deviation is { } spread)
                resized.normal_(0, spread);
            else
                resized.narrow(0, old.shape[0], count - old.shape[0]).copy_(AroundMean(old, count - old.shape[0]));
        }
        Replace(table, old, resized, -2);
    }

    /// <summary>Changes the length of a tensor with a number for each token.</summary>
    /// <param name="numbers">The numbers, <c>[..., count]</c>.</param>
    /// <param name="count">The new length.</param>
    /// <param name="aroundMean">true to draw new numbers close to the mean of the old ones; false to set them to 0.</param>
    public static void Pad(Tensor numbers, long count, bool aroundMean = false)
    {
        using var scope = NewDisposeScope();
        var old = numbers.detach();
        var before = old.shape[^1];
        var resized = zeros([.. old.shape[..^1], count], old.dtype, old.device);
        if (aroundMean && count > before)
        {
            var wide = old.to(ScalarType.Float32);
            resized.narrow(-1, before, count - before).normal_(wide.mean().item<float>(), Spread * wide.std().item<float>());
        }
        Replace(numbers, old, resized, -1);
    }

    private static void Replace(Tensor table, Tensor old, Tensor resized, int axis)
    {
        var kept = Math.Min(old.shape[^-axis], resized.shape[^-axis]);
        resized.narrow(axis, 0, kept).copy_(old.narrow(axis, 0, kept));
        TorchScript.SetData(table, resized);
    }

    private static Tensor AroundMean(Tensor old, long count)
    {
        var wide = old.to(ScalarType.Float32);
        var mean = wide.mean([0]);
        var centered = wide - mean;
        var (factor, failed) = linalg.cholesky_ex(Spread * (mm(centered.transpose(0, 1), centered) / old.shape[0]));
        // With fewer rows than columns, or columns that depend on each other, there is no distribution to draw from.
        return failed.item<int>() != 0
            ? mean.unsqueeze(0).expand(count, -1)
            : mean + matmul(factor, empty([count, old.shape[1]], device: old.device).normal_().unsqueeze(-1)).squeeze(-1);
    }
}
