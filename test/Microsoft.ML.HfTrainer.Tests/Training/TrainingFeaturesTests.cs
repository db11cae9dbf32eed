using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Precision;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainingFeaturesTests
{
    [TestMethod]
    public void A_run_in_bf16_stays_near_one_in_float32_with_float32_weights()
    {
        var (exact, exactLosses) = Train(new(), dropout: 0);
        var (weights, losses) = Train(new() { Bf16 = true }, dropout: 0);
        Assert.IsFalse(exactLosses.SequenceEqual(losses));
        foreach (var (should, was) in exactLosses.Zip(losses))
            Assert.AreEqual(should, was, 0.05);
        foreach (var (name, values) in exact)
            Assert.HasCount(values.Length, weights[name]);
    }

    [TestMethod]
    [DataRow(RandomStream.Fast)]
    [DataRow(RandomStream.Reference)]
    public void Checkpointing_changes_no_number_of_a_run(RandomStream stream)
    {
        var (weights, losses) = Train(new() { RandomStream = stream });
        var (again, sameLosses) = Train(new() { RandomStream = stream, GradientCheckpointing = true });
        CollectionAssert.AreEqual(losses, sameLosses);
        foreach (var (name, values) in weights)
            CollectionAssert.AreEqual(values, again[name], name);
    }

    [TestMethod]
    public void Noise_on_embeddings_is_in_training_alone()
    {
        using var model = TinyBert.Model();
        var noise = new List<double?>();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, MaxSteps = 2, NeftuneNoiseAlpha = 5 };
        using var trainer = new Trainer(model, args, TinyBert.Data(8), dataCollator: TinyBert.Collator, callbacks: [new OnStep(_ => noise.Add(NoiseOf(model)))]);
        trainer.Train();
        CollectionAssert.AreEqual(new double?[] { 5, 5 }, noise);
        Assert.IsNull(NoiseOf(model));
        CollectionAssert.AreNotEqual(Train(new()).Losses, Train(new() { NeftuneNoiseAlpha = 5 }).Losses);
    }

    [TestMethod]
    public void Every_nth_layer_is_checkpointed()
    {
        using var model = TinyBert.Model();
        var layers = new List<bool>();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, MaxSteps = 1, GradientCheckpointing = true, GradientCheckpointingKwargs = new() { ["every_n_layers"] = 2, ["use_reentrant"] = false } };
        using var trainer = new Trainer(model, args, TinyBert.Data(8), dataCollator: TinyBert.Collator,
            callbacks: [new OnStep(_ => layers.AddRange(model.modules().OfType<TransformerLayer>().Select(l => l.Recomputation is not null)))]);
        trainer.Train();
        CollectionAssert.AreEqual(layers.Select((_, i) => i % 2 == 0).ToList(), layers);
        Assert.IsTrue(model.modules().OfType<TransformerLayer>().All(l => l.Recomputation is null));
    }

    [TestMethod]
    [DataRow("every_n_layers", 0, "at least 1")]
    [DataRow("every_layers", 2, "'every_layers'")]
    public void Settings_of_checkpointing_that_cannot_be_are_refused(string name, int value, string expected)
    {
        var failure = Assert.ThrowsExactly<ArgumentException>(() => Train(new() { GradientCheckpointing = true, GradientCheckpointingKwargs = new() { [name] = value } }));
        StringAssert.Contains(failure.Message, expected);
    }

    [TestMethod]
    public void A_step_whose_gradients_overflow_moves_neither_weights_nor_schedule_but_counts()
    {
        using var model = TinyBert.Model();
        var before = TinyBert.Weights(model);
        using var trainer = new Overflowing(model);
        trainer.Train();
        Assert.AreEqual(2, trainer.State.GlobalStep);
        Assert.AreEqual(32768f, trainer.Precision.Scaler!.Scale);
        CollectionAssert.AreEqual(new[] { 0.1, 0.1 }, trainer.State.LogHistory.Where(r => r.ContainsKey("learning_rate")).Select(r => r["learning_rate"]).ToArray());
        Assert.IsTrue(trainer.WeightsAfterFirst!.All(w => w.Value.SequenceEqual(before[w.Key])));
        Assert.IsTrue(TinyBert.Weights(model).Any(w => !w.Value.SequenceEqual(before[w.Key])));
    }

    [TestMethod]
    public void A_whole_evaluation_in_bf16_leaves_the_weights_as_they_were()
    {
        using var model = TinyBert.Model();
        var (before, types) = (TinyBert.Weights(model), new List<ScalarType>());
        using var trainer = new Trainer(model, new TrainingArguments { Bf16FullEval = true }, evalDataset: TinyBert.Data(9), dataCollator: TinyBert.Collator,
            callbacks: [new OnPrediction(() => types.Add(model.parameters().First().dtype))]);
        using var exact = new Trainer(model, new TrainingArguments(), evalDataset: TinyBert.Data(9), dataCollator: TinyBert.Collator);
        var (loss, exactLoss) = (trainer.Evaluate()["eval_loss"], exact.Evaluate()["eval_loss"]);
        Assert.AreEqual(exactLoss, loss, 0.05);
        Assert.AreNotEqual(exactLoss, loss);
        Assert.IsTrue(types.All(t => t == ScalarType.BFloat16));
        foreach (var (name, values) in TinyBert.Weights(model))
            CollectionAssert.AreEqual(before[name], values, name);
    }

    [TestMethod]
    public void Deterministic_algorithms_are_on_in_training()
    {
        using var model = TinyBert.Model();
        var on = new List<bool>();
        using var trainer = new Trainer(model, new TrainingArguments { MaxSteps = 1, FullDeterminism = true }, TinyBert.Data(8), dataCollator: TinyBert.Collator,
            callbacks: [new OnStep(_ => on.Add(DeterministicAlgorithms.IsOn))]);
        trainer.Train();
        CollectionAssert.AreEqual(new[] { true }, on);
        Assert.IsFalse(DeterministicAlgorithms.IsOn);
    }

    [TestMethod]
    public void TF32_is_refused_where_there_is_none()
    {
        using var model = TinyBert.Model();
        var failure = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(model, new TrainingArguments { Tf32 = true, UseCpu = true }));
        StringAssert.Contains(failure.Message, "Ampere");
        new Trainer(model, new TrainingArguments { Tf32 = false, UseCpu = true }).Dispose();
    }

    [TestMethod]
    public void A_run_with_all_of_it_leaks_nothing()
    {
        using var model = TinyBert.Model(dropout: 0.1);
        var live = new LiveTensors();
        var args = new TrainingArguments
        {
            PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 2, NumTrainEpochs = 1, Bf16 = true, GradientCheckpointing = true, NeftuneNoiseAlpha = 5, Bf16FullEval = true,
            EvalStrategy = IntervalStrategy.Epoch,
        };
        using (var trainer = new Trainer(model, args, TinyBert.Data(24), TinyBert.Data(5), dataCollator: TinyBert.Collator))
        {
            trainer.Train();
            trainer.Evaluate();
        }
        live.AssertUnchanged();
    }

    private static double? NoiseOf(PretrainedModel model) => model.modules().OfType<TokenEmbedding>().Single().NoiseAlpha;

    private static (Dictionary<string, float[]> Weights, double[] Losses) Train(TrainingArguments args, double dropout = 0.1)
    {
        using var model = TinyBert.Model(dropout);
        (args.PerDeviceTrainBatchSize, args.GradientAccumulationSteps, args.MaxSteps, args.LearningRate, args.LoggingSteps) = (4, 2, 4, 0.005, 1);
        using var trainer = new Trainer(model, args, TinyBert.Data(20), dataCollator: TinyBert.Collator);
        trainer.Train();
        return (TinyBert.Weights(model), [.. trainer.State.LogHistory.Where(r => r.ContainsKey("loss")).Select(r => r["loss"])]);
    }

    private sealed class OnStep(Action<CallbackContext> action) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context) => action(context);
    }

    private sealed class OnPrediction(Action action) : ITrainerCallback
    {
        public void OnPredictionStep(CallbackContext context) => action();
    }

    // Scales its loss as on a GPU in float16; the first gradient is infinite.
    private sealed class Overflowing : Trainer
    {
        public Overflowing(PretrainedModel model) : base(
            model, new TrainingArguments { PerDeviceTrainBatchSize = 4, MaxSteps = 2, LearningRate = 0.1, LoggingSteps = 1, LrSchedulerType = "linear" }, TinyBert.Data(8), dataCollator: TinyBert.Collator) =>
            Precision = new MixedPrecision(CPU, ScalarType.Float16);

        public Dictionary<string, float[]>? WeightsAfterFirst { get; private set; }

        protected override (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch)
        {
            if (State.GlobalStep == 1)
                WeightsAfterFirst = TinyBert.Weights((PretrainedModel)Model);
            var (loss, output) = base.ComputeLoss(batch);
            return (State.GlobalStep == 0 ? loss * 1e36 : loss, output);
        }
    }
}
