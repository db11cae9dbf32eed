namespace Microsoft.ML.HfTrainer.Training.Search.Samplers;

/// <summary>How much each number that was seen weighs.</summary>
internal static class ParzenWeights
{
    private const int Full = 25;

    /// <summary>The weights of so many numbers, oldest first, and last that of the prior: all alike, but beyond the latest 25 the less the older.</summary>
    public static double[] WithPrior(int count)
    {
        var older = Math.Max(count - Full, 0);
        var ramp = Enumerable.Range(0, older).Select(i => older == 1 ? 1.0 / count : 1.0 / count + i * (1 - 1.0 / count) / (older - 1));
        double[] weights = [.. ramp, .. Enumerable.Repeat(1.0, count - older), 1.0];
        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
