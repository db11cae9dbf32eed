using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Metrics;

/// <summary>Predictions and labels for tests of metrics, the same for every seed.</summary>
internal static class MetricInputs
{
    /// <summary>Scores <c>[examples, classes]</c> and labels <c>[examples]</c>, some of them -100. They belong to the dispose scope in use.</summary>
    public static EvalPrediction Classified(int examples, int classes, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var labels = randint(0, classes, new long[] { examples }, dtype: ScalarType.Int64, generator: generator);
        labels[TensorIndex.Slice(null, null, 7)] = -100;
        return new(randn(examples, classes, generator: generator), labels);
    }

    /// <summary>A metric given all examples at once, and one given them in batches of three.</summary>
    public static void AssertSameInBatches(Func<IEvalMetric> create, EvalPrediction all, double tolerance = 1e-12)
    {
        var batched = create();
        var examples = (int)all.Predictions.shape[0];
        for (var start = 0; start < examples; start += 3)
        {
            var count = Math.Min(3, examples - start);
            batched.Add(new(all.Predictions.narrow(0, start, count), all.LabelIds!.narrow(0, start, count)));
        }
        AssertSame(create().Of(all), batched.Compute(), tolerance);
    }

    public static void AssertSame(IReadOnlyDictionary<string, double> expected, IReadOnlyDictionary<string, double> actual, double tolerance = 1e-12)
    {
        CollectionAssert.AreEquivalent(expected.Keys.ToList(), actual.Keys.ToList());
        foreach (var (key, value) in expected)
            Assert.AreEqual(value, actual[key], tolerance, key);
    }

    /// <summary>Fails unless nothing that the metric gives is a number.</summary>
    public static void AssertUnknown(IMetric metric)
    {
        foreach (var (key, value) in metric.Compute())
            Assert.IsTrue(double.IsNaN(value), $"{metric.Name}: {key} is {value}");
    }
}
