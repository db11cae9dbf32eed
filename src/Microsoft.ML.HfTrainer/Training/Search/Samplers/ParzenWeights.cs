namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>The weights of the observed numbers.</summary>
internal static class ParzenWeights
{
    private const int Full = 25;

    /// <summary>Returns the weights of a number of observations, the oldest first, followed by that of the prior. All are equal, except that of more than 25, older ones weigh less.</summary>
    public static double[] WithPrior(int count)
    {
        var older = Math.Max(count - Full, 0);
        var ramp = Enumerable.Range(0, older).Select(i => older == 1 ? 1.0 / count : 1.0 / count + i * (1 - 1.0 / count) / (older - 1));
        double[] weights = [.. ramp, .. Enumerable.Repeat(1.0, count - older), 1.0];
        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
