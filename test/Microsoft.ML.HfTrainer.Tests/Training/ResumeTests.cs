using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class ResumeTests
{
    private static readonly string[] _times = ["_runtime", "_per_second"];

    public static IEnumerable<object[]> Settings =>
    [
        ["shuffled", new TrainingArguments()],
        ["accumulated", new TrainingArguments { GradientAccumulationSteps = 3 }],
        ["evaluated by epoch", new TrainingArguments { EvalStrategy = IntervalStrategy.Epoch, LoggingStrategy = IntervalStrategy.Epoch }],
        ["evaluated by steps", new TrainingArguments { EvalStrategy = IntervalStrategy.Steps, EvalSteps = 2, MetricForBestModel = "loss" }],
        ["grouped by length", new TrainingArguments { TrainSamplingStrategy = TrainSamplingStrategy.GroupByLength }],
        ["the reference's random numbers", new TrainingArguments { RandomStream = RandomStream.Reference }],
        ["cosine with warm-up", new TrainingArguments { LrSchedulerType = "cosine", WarmupSteps = 3 }],
        ["plateau", new TrainingArguments { LrSchedulerType = "reduce_lr_on_plateau", EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1, MetricForBestModel = "loss", LrSchedulerKwargs = new() { ["patience"] = 0, ["factor"] = 0.5 } }],
        ["Adafactor", new TrainingArguments { Optim = "adafactor" }],
        ["background collation", new TrainingArguments { DataloaderNumWorkers = 2 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void Resumed_at_any_update_a_run_ends_as_if_it_had_never_stopped(string name, TrainingArguments settings)
    {
        using var folder = new TemporaryFolder();
        var whole = Run(settings, folder["whole"], null);
        var checkpoints = Directory.GetDirectories(folder["whole"], "checkpoint-*");
        Assert.IsGreaterThan(3, checkpoints.Length, name);
        foreach (var checkpoint in checkpoints)
        {
            var again = Run(settings, folder["again"], checkpoint);
            foreach (var (weight, values) in whole.Weights)
                Assert.IsTrue(values.AsSpan().SequenceEqual(again.Weights[weight]), $"{name}, {Path.GetFileName(checkpoint)}: {weight}");
            CollectionAssert.AreEqual(whole.Log, again.Log, $"{name}, {Path.GetFileName(checkpoint)}");
        }
    }

    private static (Dictionary<string, float[]> Weights, List<string> Log) Run(TrainingArguments settings, string output, string? checkpoint)
    {
        using var model = TinyBert.Model(dropout: 0.1);
        var args = settings.Clone();
        (args.OutputDir, args.PerDeviceTrainBatchSize, args.NumTrainEpochs, args.LearningRate, args.SaveSteps) = (output, 4, 3, 0.005, 1);
        if (args.LoggingStrategy == IntervalStrategy.Steps)
            args.LoggingSteps = 2;
        using var trainer = new Trainer(model, args, TinyBert.Data(18), TinyBert.Data(5), dataCollator: TinyBert.Collator);
        trainer.Train(checkpoint);
        // The last record is of this call's speed and mean loss.
        var log = trainer.State.LogHistory.SkipLast(1).Select(r => string.Join(' ', r.OrderBy(v => v.Key, StringComparer.Ordinal).Where(v => !_times.Any(v.Key.EndsWith)).Select(v => FormattableString.Invariant($"{v.Key}={v.Value:R}"))));
        return (TinyBert.Weights(model), [.. log]);
    }
}
