using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainingLoopTests
{
    [TestMethod]
    public void Events_come_in_the_documented_order()
    {
        using var model = TinyBert.Model();
        var recorder = new EventRecorder();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 2, NumTrainEpochs = 1, LoggingSteps = 2, EvalStrategy = IntervalStrategy.Epoch };
        using var trainer = new Trainer(model, args, TinyBert.Data(12), TinyBert.Data(3), dataCollator: TinyBert.Collator, callbacks: [recorder]);
        trainer.Train();
        string[] expected =
        [
            "on_init_end 0", "on_train_begin 0", "on_epoch_begin 0",
            "on_step_begin 0", "on_substep_end 0", "on_pre_optimizer_step 0", "on_optimizer_step 0", "on_step_end 1",
            // Three micro-batches: the second update has one.
            "on_step_begin 1", "on_pre_optimizer_step 1", "on_optimizer_step 1", "on_step_end 2", "on_log 2",
            "on_epoch_end 2", "on_prediction_step 2", "on_log 2", "on_evaluate 2",
            "on_log 2", "on_train_end 2",
        ];
        CollectionAssert.AreEqual(expected, recorder.Events.ConvertAll(e => string.Join(' ', e.Split(' ')[..2])));
    }

    [TestMethod]
    public void A_callback_that_stops_training_lets_the_update_and_the_epoch_end()
    {
        using var model = TinyBert.Model();
        var recorder = new EventRecorder();
        var stop = new Scripted(c => c.Control.ShouldTrainingStop = c.State.GlobalStep == 2);
        using var trainer = new Trainer(model, new TrainingArguments { PerDeviceTrainBatchSize = 4 }, TinyBert.Data(16), dataCollator: TinyBert.Collator, callbacks: [stop, recorder]);
        var output = trainer.Train();
        Assert.AreEqual(2, output.GlobalStep);
        Assert.AreEqual(0.5, trainer.State.Epoch);
        CollectionAssert.AreEqual(new[] { "on_step_end 2 0.5 T", "on_epoch_end 2 0.5 T", "on_log 2 0.5 T", "on_train_end 2 0.5 T" }, recorder.Events[^4..]);
    }

    [TestMethod]
    public void The_logged_learning_rate_is_that_of_the_update_just_made()
    {
        using var model = TinyBert.Model();
        var recorder = new EventRecorder();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, MaxSteps = 4, WarmupSteps = 1, LearningRate = 0.01, LoggingSteps = 1 };
        using var trainer = new Trainer(model, args, TinyBert.Data(16), dataCollator: TinyBert.Collator, callbacks: [recorder]);
        trainer.Train();
        var logged = trainer.State.LogHistory.Where(r => r.ContainsKey("learning_rate")).Select(r => r["learning_rate"]).ToArray();
        CollectionAssert.AreEqual(recorder.LearningRates.ConvertAll(r => r[0]), logged);
        CollectionAssert.AreEqual(new[] { 0, 0.01, 0.01 * (2 / 3.0), 0.01 * (1 / 3.0) }, logged);
    }

    [TestMethod]
    [DataRow(12, DisplayName = "whole micro-batches")]
    [DataRow(10, DisplayName = "short last micro-batch")]
    public void Accumulated_micro_batches_equal_one_batch(int examples)
    {
        var (joint, jointLoss) = GradientsOfOneUpdate(examples, batchSize: examples, accumulation: 1, LossNormalization.Update);
        var (accumulated, loss) = GradientsOfOneUpdate(examples, batchSize: 4, accumulation: 3, LossNormalization.Update);
        foreach (var (name, values) in joint)
            for (var i = 0; i < values.Length; i++)
                Assert.AreEqual(values[i], accumulated[name][i], 1e-6, name);
        Assert.AreEqual(jointLoss, loss, 1e-5);
    }

    [TestMethod]
    public void In_the_originals_normalisation_losses_grow_with_the_micro_batches()
    {
        var (joint, jointLoss) = GradientsOfOneUpdate(12, batchSize: 12, accumulation: 1, LossNormalization.Original);
        var (accumulated, loss) = GradientsOfOneUpdate(12, batchSize: 4, accumulation: 3, LossNormalization.Original);
        foreach (var (name, values) in joint)
            for (var i = 0; i < values.Length; i++)
                Assert.AreEqual(3 * values[i], accumulated[name][i], 1e-5, name);
        Assert.AreEqual(3 * jointLoss, loss, 1e-4);
    }

    [TestMethod]
    public void Gradients_are_clipped_and_the_norm_before_is_logged()
    {
        var (free, _) = GradientsOfOneUpdate(8, 8, 1, LossNormalization.Update);
        var norm = Math.Sqrt(free.Values.Sum(g => g.Sum(v => (double)v * v)));
        var (clipped, _) = GradientsOfOneUpdate(8, 8, 1, LossNormalization.Update, maxGradNorm: norm / 4);
        foreach (var (name, values) in free)
            for (var i = 0; i < values.Length; i++)
                Assert.AreEqual(values[i] / 4, clipped[name][i], 1e-5 * norm, name);
    }

    [TestMethod]
    public void A_cancelled_run_throws_keeps_its_updates_and_leaks_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        using var model = TinyBert.Model();
        var start = TinyBert.Weights(model);
        var live = new LiveTensors();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 2, LearningRate = 0.01, CancellationToken = cancellation.Token };
        using (var trainer = new Trainer(model, args, TinyBert.Data(24), dataCollator: TinyBert.Collator,
            callbacks: [new Scripted(c => { if (c.State.GlobalStep == 2) cancellation.Cancel(); })]))
        {
            Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Train());
            Assert.AreEqual(2, trainer.State.GlobalStep);
        }
        live.AssertUnchanged();
        Assert.IsFalse(model.training);
        Assert.IsTrue(TinyBert.Weights(model).Any(w => !w.Value.SequenceEqual(start[w.Key])));
        Assert.IsTrue(model.parameters().All(p => p.grad is null));
    }

    [TestMethod]
    public void A_step_that_throws_leaks_no_micro_batch()
    {
        using var model = TinyBert.Model();
        var live = new LiveTensors();
        using (var trainer = new Failing(model, new TrainingArguments { PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 3 }, TinyBert.Data(24)))
            Assert.ThrowsExactly<NotSupportedException>(() => trainer.Train());
        live.AssertUnchanged();
    }

    [TestMethod]
    public void No_tensor_outlives_a_step_or_a_run()
    {
        var counts = new List<long>();
        var model = TinyBert.Model(dropout: 0.1);
        var (parameters, live) = (model.parameters().Count(), new LiveTensors());
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 2, LoggingSteps = 1 };
        using (var trainer = new Trainer(model, args, TinyBert.Data(24), TinyBert.Data(5), dataCollator: TinyBert.Collator,
            computeMetrics: EvalMetrics.Accuracy, callbacks: [new Scripted(_ => counts.Add(LiveTensors.Now))]))
        {
            trainer.Train();
            using var predictions = trainer.Predict(TinyBert.Data(9));
        }
        Assert.HasCount(6, counts);
        Assert.AreEqual(1, counts.Distinct().Count(), $"live tensors at the ends of steps: {string.Join(", ", counts)}");
        live.AssertUnchanged();
        model.Dispose();
        live.AssertUnchanged(-parameters);
    }

    [TestMethod]
    public void A_loss_that_is_no_number_is_warned_of_once_and_training_goes_on()
    {
        using var model = TinyBert.Model();
        var log = new MessageLog();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1, LoggingSteps = 3 };
        using var trainer = new NanFrom(model, args, TinyBert.Data(24), log, step: 2);
        var output = trainer.Train();
        Assert.AreEqual(6, output.GlobalStep);
        Assert.HasCount(1, log.Warnings);
        StringAssert.Contains(log.Warnings[0], "update 2 is NaN");
        // The second and third losses count as the mean before them over one update more.
        var first = trainer.Losses[0];
        var second = first / 2;
        var third = (first + second) / 3;
        Assert.AreEqual((first + second + third) / 3, trainer.State.LogHistory[0]["loss"], 1e-6);
        Assert.AreEqual(0, trainer.State.LogHistory[1]["loss"]);
    }

    [TestMethod]
    public void One_seed_gives_one_run_and_leaves_the_process_generator_alone()
    {
        using var kept = new GeneratorState();
        random.manual_seed(7);
        var first = Run(seed: 3);
        // What is drawn elsewhere meanwhile changes nothing.
        rand(3).Dispose();
        using var before = get_rng_state();
        var (second, other) = (Run(seed: 3), Run(seed: 4));
        using var after = get_rng_state();
        Assert.IsTrue(before.bytes.SequenceEqual(after.bytes));
        foreach (var (name, values) in first)
            Assert.IsTrue(values.AsSpan().SequenceEqual(second[name]), name);
        Assert.IsTrue(first.Any(w => !w.Value.SequenceEqual(other[w.Key])));

        static Dictionary<string, float[]> Run(int seed)
        {
            using var model = TinyBert.Model(dropout: 0.1);
            var args = new TrainingArguments { Seed = seed, PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, LearningRate = 0.01, EvalStrategy = IntervalStrategy.Epoch };
            using var trainer = new Trainer(model, args, TinyBert.Data(20), TinyBert.Data(5), dataCollator: TinyBert.Collator);
            trainer.Train();
            return TinyBert.Weights(model);
        }
    }

    [TestMethod]
    public void A_trainer_trains_again()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1 }, TinyBert.Data(8), dataCollator: TinyBert.Collator);
        Assert.AreEqual(2, trainer.Train().GlobalStep);
        Assert.AreEqual(2, trainer.Train().GlobalStep);
        Assert.HasCount(1, trainer.State.LogHistory);
    }

    private static (Dictionary<string, float[]> Gradients, double Loss) GradientsOfOneUpdate(
        int examples, int batchSize, int accumulation, LossNormalization normalization, double maxGradNorm = 0)
    {
        using var model = TinyBert.Model();
        var gradients = new Dictionary<string, float[]>();
        var args = new TrainingArguments
        {
            PerDeviceTrainBatchSize = batchSize, GradientAccumulationSteps = accumulation, MaxSteps = 1, LossNormalization = normalization, MaxGradNorm = maxGradNorm, LoggingSteps = 1,
        };
        using var trainer = new Trainer(model, args, TinyBert.Data(examples), dataCollator: TinyBert.Collator, callbacks: [new Gradients(gradients)]);
        trainer.Train();
        return (gradients, trainer.State.LogHistory[0]["loss"]);
    }

    private sealed class Gradients(Dictionary<string, float[]> gradients) : ITrainerCallback
    {
        public void OnPreOptimizerStep(CallbackContext context)
        {
            foreach (var (name, parameter) in context.Trainer.Model.named_parameters())
                gradients[name] = GoldenTensor.Of(parameter.grad!).Values;
        }
    }

    private sealed class Scripted(Action<CallbackContext> onStepEnd) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => onStepEnd(context);
    }

    private sealed class Failing(PretrainedModel model, TrainingArguments args, Dataset data) : Trainer(model, args, data, dataCollator: TinyBert.Collator)
    {
        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch) => State.GlobalStep == 1 ? throw new NotSupportedException() : base.ComputeLoss(batch);
    }

    // From some update on the loss is NaN, and so are the gradients and all weights after it.
    private sealed class NanFrom(PretrainedModel model, TrainingArguments args, Dataset data, ILogger logger, int step) : Trainer(model, args, data, dataCollator: TinyBert.Collator, logger: logger)
    {
        public List<double> Losses { get; } = [];

        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            var (loss, output) = base.ComputeLoss(batch);
            Losses.Add(loss.item<float>());
            return (State.GlobalStep + 1 >= step ? loss * double.NaN : loss, output);
        }
    }
}
