using ImageClassification;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Modules that are no pretrained models: the network of the example, and one that gives more than logits.</summary>
[TestClass]
public class OwnModelTests
{
    private static readonly List<Example> _drawings = Drawings.Make(48, seed: 5);

    [TestMethod]
    public void It_trains_evaluates_and_predicts_and_leaves_nothing()
    {
        using var model = new ShapeNet(4);
        var live = new LiveTensors();
        using (var trainer = new Trainer(model, Settings(), Dataset.From(_drawings), Dataset.From(_drawings), computeMetrics: EvalMetrics.Accuracy))
        {
            trainer.Train();
            var losses = trainer.State.LogHistory.Where(r => r.ContainsKey("loss")).Select(r => r["loss"]).ToList();
            Assert.IsLessThan(losses[0], losses[^1]);
            Assert.IsTrue(trainer.Evaluate().ContainsKey("eval_accuracy"));
            using var predictions = trainer.Predict(Dataset.From(_drawings));
            CollectionAssert.AreEqual(new long[] { 48, 4 }, predictions.Predictions.shape);
            CollectionAssert.AreEqual(_drawings.ConvertAll(d => (long)d["labels"].Integers.Span[0]), predictions.LabelIds!.data<long>().ToArray());
        }
        live.AssertUnchanged();
    }

    [TestMethod]
    public void Without_labels_it_predicts_the_same()
    {
        using var model = new ShapeNet(4);
        using var trainer = new Trainer(model, Settings());
        using var labelled = trainer.Predict(Dataset.From(_drawings));
        using var bare = trainer.Predict(Dataset.From(_drawings.Select(d => new Example { ["pixel_values"] = d["pixel_values"] })));
        Assert.IsNull(bare.LabelIds);
        CollectionAssert.AreEqual(GoldenTensor.Of(labelled.Predictions).Values, GoldenTensor.Of(bare.Predictions).Values);
        Assert.IsTrue(labelled.Metrics.ContainsKey("test_loss") && !bare.Metrics.ContainsKey("test_loss"));
    }

    [TestMethod]
    public void A_loss_function_gives_the_loss_that_it_does_not()
    {
        var own = Train(new ShapeNet(4), null);
        var given = Train(new Embedder(), (output, batch, labelCount) => nn.functional.cross_entropy(output.Logits, batch[Batch.Labels], reduction: nn.Reduction.Sum) / (double)labelCount!);
        Assert.IsLessThan(given[0], given[^1]);
        Assert.IsLessThan(own[0], own[^1]);

        static List<double> Train(nn.Module<Batch, ModelOutput> model, LossFunction? loss)
        {
            using (model)
            {
                using var trainer = new Trainer(model, Settings(), Dataset.From(_drawings)) { ComputeLossFunc = loss };
                trainer.Train();
                return [.. trainer.State.LogHistory.Where(r => r.ContainsKey("loss")).Select(r => r["loss"])];
            }
        }
    }

    [TestMethod]
    public void A_model_without_a_loss_and_a_trainer_without_a_function_say_so()
    {
        using var model = new Embedder();
        using var trainer = new Trainer(model, Settings(), Dataset.From(_drawings));
        Assert.Contains("The model gave no loss", Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Train()).Message);
    }

    [TestMethod]
    public void Further_outputs_follow_the_logits_in_predictions()
    {
        using var model = new Embedder();
        using var trainer = new Trainer(model, Settings());
        using var predictions = trainer.Predict(Dataset.From(_drawings.Select(d => new Example { ["pixel_values"] = d["pixel_values"] })));
        Assert.HasCount(2, predictions.AllPredictions);
        CollectionAssert.AreEqual(new long[] { 48, 8 }, predictions.AllPredictions[1].shape);
    }

    [TestMethod]
    public void A_missing_input_is_named()
    {
        using var model = new ShapeNet(4);
        using var trainer = new Trainer(model, Settings(), Dataset.From([new Example { ["pixels"] = new float[4], ["labels"] = 1 }]));
        Assert.Contains("The batch has no 'pixel_values', which the model needs; it has pixels, labels", Assert.ThrowsExactly<KeyNotFoundException>(() => trainer.Train()).Message);
    }

    [TestMethod]
    public void Resumed_from_a_checkpoint_it_ends_with_the_same_weights_and_running_statistics()
    {
        using var folder = new TemporaryFolder();
        var whole = Train(folder["whole"], null);
        var resumed = Train(folder["resumed"], Path.Combine(folder["whole"], "checkpoint-4"));
        CollectionAssert.AreEquivalent(whole.Keys, resumed.Keys);
        Assert.IsTrue(whole.ContainsKey("norm1.running_mean"));
        foreach (var (name, values) in whole)
            Assert.IsTrue(values.AsSpan().SequenceEqual(resumed[name]), name);
        using var saved = SafetensorsFile.Open(Path.Combine(folder["whole"], "checkpoint-12", "model.safetensors"));
        CollectionAssert.AreEquivalent(whole.Keys, saved.Entries.Keys.ToList());

        static Dictionary<string, float[]> Train(string output, string? checkpoint)
        {
            var args = Settings();
            (args.OutputDir, args.SaveStrategy, args.SaveSteps) = (output, SaveStrategy.Steps, 4);
            using var trainer = new Trainer(() => new ShapeNet(4), args, Dataset.From(_drawings));
            trainer.Train(checkpoint);
            using var model = trainer.Model;
            return model.state_dict().ToDictionary(t => t.Key, t => GoldenTensor.Of(t.Value).Values);
        }
    }

    [TestMethod]
    public void A_description_of_its_own_is_followed()
    {
        using var model = new Described();
        var args = Settings();
        (args.NeftuneNoiseAlpha, args.GradientCheckpointing, args.GradientCheckpointingKwargs) = (5, true, new() { ["every_n_layers"] = 3 });
        using var trainer = new Trainer(model, args, Dataset.From(_drawings.Select(d => new Example { ["pixel_values"] = d["pixel_values"], ["labels"] = d["labels"], ["unread"] = 1 })));
        trainer.Train();
        CollectionAssert.AreEqual(new[] { "every 3 layers", "noise 5", "every 0 layers", "noise " }, model.Uses.Distinct().ToList());
        Assert.AreEqual(12, model.Backwards);
        Assert.IsFalse(model.Config.GetBool("use_cache", true));
    }

    [TestMethod]
    public void A_feature_that_a_module_does_not_describe_is_refused_by_name()
    {
        using var model = new ShapeNet(4);
        var args = Settings();
        args.GradientCheckpointing = true;
        using var trainer = new Trainer(model, args, Dataset.From(_drawings));
        var message = Assert.ThrowsExactly<NotSupportedException>(() => trainer.Train()).Message;
        Assert.Contains("GradientCheckpointing", message);
        Assert.Contains("ITrainableModel", message);
    }

    private static TrainingArguments Settings() => new() { PerDeviceTrainBatchSize = 8, NumTrainEpochs = 2, LearningRate = 3e-3, LoggingSteps = 3, Seed = 4 };

    // Gives no loss, and an embedding beside the logits.
    private sealed class Embedder : nn.Module<Batch, ModelOutput>
    {
        private readonly TorchSharp.Modules.Linear _embed = nn.Linear(Drawings.Size * Drawings.Size, 8), _classify = nn.Linear(8, 4);

        public Embedder() : base(nameof(Embedder)) => RegisterComponents();

        public override ModelOutput forward(Batch batch)
        {
            using var scope = NewDisposeScope();
            var embedding = nn.functional.tanh(_embed.call(batch.Get("pixel_values").flatten(1)));
            return new ModelOutput { Logits = _classify.call(embedding), Others = new Dictionary<string, Tensor> { ["embedding"] = embedding } }.MoveToOuterDisposeScope();
        }
    }

    // Reads the pixels alone, and notes the features that it is asked to use.
    private sealed class Described : nn.Module<Batch, ModelOutput>, ITrainableModel
    {
        private readonly TorchSharp.Modules.Linear _classify = nn.Linear(Drawings.Size * Drawings.Size, 4);

        public Described() : base(nameof(Described)) => RegisterComponents();

        public List<string> Uses { get; } = [];

        public int Backwards { get; private set; }

        public IReadOnlyCollection<string> InputNames => ["pixel_values", "labels"];

        public PretrainedConfig Config { get; } = PretrainedConfig.Parse("config.json", """{"model_type":"drawings"}"""u8);

        public void UseActivationCheckpointing(int everyNLayers) => Uses.Add($"every {everyNLayers} layers");

        public void CompleteBackward() => Backwards++;

        public void UseEmbeddingNoise(double? alpha) => Uses.Add($"noise {alpha}");

        public override ModelOutput forward(Batch batch)
        {
            using var scope = NewDisposeScope();
            Assert.IsFalse(batch.ContainsKey("unread"));
            var logits = _classify.call(batch.Get("pixel_values").flatten(1));
            return new ModelOutput { Logits = logits, Loss = nn.functional.cross_entropy(logits, batch.Get(Batch.Labels)) }.MoveToOuterDisposeScope();
        }
    }
}
