namespace Microsoft.ML.HfTrainer.Tests.Training.Callbacks;

[TestClass]
public class EarlyStoppingCallbackTests
{
    [TestMethod]
    [DataRow("0.5 0.4 0.6 0.7", 2, 0.0, 4, DisplayName = "an improvement sets the count back")]
    [DataRow("0.5 0.4 0.4 0.7", 2, 0.0, 3, DisplayName = "the same value is no improvement")]
    [DataRow("0.5", 1, 0.0, 1, DisplayName = "the first evaluation never counts")]
    [DataRow("0.50 0.51 0.52 0.53 0.54", 3, 0.1, 4, DisplayName = "slow drift stays below the threshold while the best moves")]
    [DataRow("0.5 NaN NaN 0.9", 2, 0.0, 3, DisplayName = "NaN is never better")]
    [DataRow("0.1 0.2 0.3 0.4", 1, 0.0, 4, DisplayName = "steady improvement trains to the end")]
    public void Stops_after_so_many_evaluations_without_a_better_one(string scores, int patience, double threshold, int stopsAfter)
    {
        using var model = TinyBert.Model();
        var values = scores.Split(' ').Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var (args, evaluated) = (Arguments(), 0);
        args.MaxSteps = values.Length;
        using var trainer = Make(model, args, new EarlyStoppingCallback(patience, threshold), () => values[evaluated++]);
        Assert.AreEqual(stopsAfter, trainer.Train().GlobalStep);
    }

    [TestMethod]
    public void Needs_a_metric_and_evaluations()
    {
        using var model = TinyBert.Model();
        var args = Arguments();
        args.MetricForBestModel = null;
        using (var trainer = Make(model, args, new EarlyStoppingCallback(), () => 0))
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Train()).Message, "MetricForBestModel");
        args.MetricForBestModel = "score";
        (args.EvalStrategy, args.EvalOnStart) = (IntervalStrategy.No, true);
        using (var trainer = Make(model, args, new EarlyStoppingCallback(), () => 0))
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => trainer.Train()).Message, "EvalStrategy is No");
    }

    private static TrainingArguments Arguments() => new() { PerDeviceTrainBatchSize = 2, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1, MetricForBestModel = "score" };

    private static Trainer Make(PretrainedModel model, TrainingArguments args, ITrainerCallback callback, Func<double> score) =>
        new(model, args, TinyBert.Data(12), TinyBert.Data(2), dataCollator: TinyBert.Collator, callbacks: [callback], computeMetrics: _ => new Dictionary<string, double> { ["score"] = score() });
}
