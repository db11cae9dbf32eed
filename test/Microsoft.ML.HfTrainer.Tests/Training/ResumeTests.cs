using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;
using static TorchSharp.torch;

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

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_collator_with_a_generator_of_its_own_goes_on_too(bool memoryIsShort)
    {
        using var folder = new TemporaryFolder();
        var settings = new TrainingArguments { EvalStrategy = IntervalStrategy.Steps, EvalSteps = 2, AutoFindBatchSize = memoryIsShort };
        var whole = Run(settings, folder["whole"], null, new Hiding());
        // Micro-batches of half the size draw the same numbers, since a number is drawn for each example.
        var again = memoryIsShort ? Run(settings, folder["again"], null, new Hiding(), memoryIsShort) : Run(settings, folder["again"], folder["whole/checkpoint-8"], new Hiding());
        if (!memoryIsShort)
            CollectionAssert.AreEqual(whole.Log, again.Log);
        Assert.HasCount(whole.Losses.Count, again.Losses);
        foreach (var (expected, found) in whole.Losses.Zip(again.Losses))
            Assert.AreEqual(expected, found, memoryIsShort ? 1e-4 : 0);
    }

    [TestMethod]
    [DataRow(null, 3, DisplayName = "intervals that are not given are those of the checkpoint")]
    [DataRow(2.0, 2, DisplayName = "intervals that are given count")]
    public void Intervals_of_a_checkpoint(double? given, int expected) => Intervals(3, given, expected);

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    public void Intervals_of_a_checkpoint_that_are_none_are_those_of_the_arguments(int saved)
    {
        Intervals(saved, null, 500);
        Intervals(saved, 2.0, 2);
    }

    // Evaluations log too, and the last record is of the whole run.
    private static void Intervals(int saved, double? given, int expected)
    {
        using var folder = new TemporaryFolder();
        using var model = TinyBert.Model();
        var args = new TrainingArguments(folder["out"]) { PerDeviceTrainBatchSize = 4, MaxSteps = 8, SaveSteps = 2, EvalStrategy = IntervalStrategy.Steps, LoggingSteps = 2, EvalSteps = 2 };
        using (var trainer = new Trainer(model, args, TinyBert.Data(16), TinyBert.Data(4), dataCollator: TinyBert.Collator))
            trainer.Train();
        var checkpoint = folder["out/checkpoint-2"];
        var path = Path.Combine(checkpoint, "trainer_state.json");
        var state = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllBytes(path))!;
        foreach (var name in new[] { "logging_steps", "eval_steps", "save_steps" })
            state[name] = saved;
        File.WriteAllText(path, state.ToJsonString());
        File.Delete(Path.Combine(checkpoint, "manifest.json"));
        CheckpointManifest.Write(checkpoint);

        var again = new TrainingArguments(folder["again"]) { PerDeviceTrainBatchSize = 4, MaxSteps = 8, EvalStrategy = IntervalStrategy.Steps };
        if (given is { } interval)
            (again.LoggingSteps, again.EvalSteps, again.SaveSteps) = (interval, interval, interval);
        using var resumed = new Trainer(model, again, TinyBert.Data(16), TinyBert.Data(4), dataCollator: TinyBert.Collator);
        resumed.Train(checkpoint);
        Assert.AreEqual((expected, expected, expected), (resumed.State.LoggingSteps, resumed.State.EvalSteps, resumed.State.SaveSteps));
        int[] due = [.. Enumerable.Range(3, 6).Where(step => step % expected == 0)];
        CollectionAssert.AreEqual(due, resumed.State.LogHistory.Where(r => r.ContainsKey("loss") && r["step"] > 2).Select(r => (int)r["step"]).ToArray());
        CollectionAssert.AreEqual(due.Union([8]).ToArray(), resumed.State.LogHistory.Where(r => r.ContainsKey("eval_loss") && r["step"] > 2).Select(r => (int)r["step"]).ToArray());
        CollectionAssert.AreEquivalent(due.Union([8]).Select(step => $"checkpoint-{step}").ToArray(), Directory.GetDirectories(folder["again"]).Select(Path.GetFileName).ToArray());
    }

    private static (Dictionary<string, float[]> Weights, List<string> Log, List<double> Losses) Run(
        TrainingArguments settings, string output, string? checkpoint, IDataCollator? collator = null, bool memoryIsShort = false)
    {
        using var model = TinyBert.Model(dropout: collator is null ? 0.1 : 0);
        var args = settings.Clone();
        (args.OutputDir, args.PerDeviceTrainBatchSize, args.NumTrainEpochs, args.LearningRate, args.SaveSteps) = (output, 4, 3, 0.005, 1);
        if (args.LoggingStrategy == IntervalStrategy.Steps)
            args.LoggingSteps = 2;
        using var trainer = new Limited(model, args, collator ?? TinyBert.Collator, memoryIsShort);
        trainer.Train(checkpoint);
        // The last record is of this call's speed and mean loss.
        var log = trainer.State.LogHistory.SkipLast(1).Select(r => string.Join(' ', r.OrderBy(v => v.Key, StringComparer.Ordinal).Where(v => !_times.Any(v.Key.EndsWith)).Select(v => FormattableString.Invariant($"{v.Key}={v.Value:R}"))));
        return (TinyBert.Weights(model), [.. log], [.. trainer.State.LogHistory.Where(r => r.ContainsKey("loss")).Select(r => r["loss"])]);
    }

    // Has memory for two examples only from the third update on.
    private sealed class Limited(PretrainedModel model, TrainingArguments args, IDataCollator collator, bool memoryIsShort)
        : Trainer(model, args, TinyBert.Data(18), TinyBert.Data(5), dataCollator: collator)
    {
        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch) =>
            memoryIsShort && State.GlobalStep >= 2 && batch.Size > 2 && Model.training ? throw new OutOfMemoryException() : base.ComputeLoss(batch);
    }

    // Hides a token of each example, drawn from a generator of its own.
    private sealed class Hiding : IDataCollator
    {
        private readonly Generator _generator = new(3);

        public bool DrawsRandomNumbers => true;

        public byte[]? RandomState
        {
            get
            {
                using var state = _generator.get_state();
                return state.bytes.ToArray();
            }

            set
            {
                using var state = tensor(value!);
                _generator.set_state(state);
            }
        }

        public Batch Collate(IReadOnlyList<Example> examples)
        {
            var batch = TinyBert.Collator.Collate(examples);
            using var scope = NewDisposeScope();
            for (var row = 0; row < examples.Count; row++)
                batch["input_ids"][row, randint(0, examples[row]["input_ids"].Length, [1], ScalarType.Int64, generator: _generator).item<long>()] = 4;
            return batch;
        }
    }
}
