using System.Runtime.CompilerServices;
using Microsoft.ML.HfTrainer.OwnArchitecture;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Architectures of another assembly, composed of the library's public blocks and of TorchSharp's modules.</summary>
[TestClass]
public class OwnArchitectureTests
{
    private const int Marked = 5;

    [ClassInitialize]
    public static void Register(TestContext _)
    {
        Architecture.Register(MixerModel.Registration);
        Architecture.Register(PatchModel.Registration);
    }

    [TestMethod]
    public void Its_assembly_sees_only_what_is_public()
    {
        var friends = typeof(Trainer).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), false).Cast<InternalsVisibleToAttribute>();
        Assert.IsFalse(friends.Any(f => f.AssemblyName == typeof(MixerModel).Assembly.GetName().Name));
    }

    [TestMethod]
    public void It_trains_is_saved_and_loads_with_the_same_scores()
    {
        using var kept = new GeneratorState();
        random.manual_seed(7);
        using var folder = new TemporaryFolder();
        using var model = AutoModelForSequenceClassification.FromConfig(Config("mixer"));
        using (var trainer = new Trainer(model, Settings(), Dataset.From(Texts(64)), dataCollator: new DataCollatorWithPadding(0)))
        {
            trainer.Train();
            var losses = trainer.State.LogHistory.Where(r => r.ContainsKey("loss")).Select(r => r["loss"]).ToList();
            Assert.IsLessThan(losses[0] / 2, losses[^1]);
        }
        model.SavePretrained(folder.Path);
        using var loaded = AutoModelForSequenceClassification.FromPretrained(folder.Path);
        Assert.AreEqual("", loaded.LoadReport.ToString());
        model.eval();
        CollectionAssert.AreEqual(Scores(model), Scores(loaded));
        Assert.Contains("\"MixerForSequenceClassification\"", File.ReadAllText(Path.Combine(folder.Path, "config.json")));
    }

    [TestMethod]
    public void Modules_of_TorchSharp_keep_the_values_of_their_constructors()
    {
        using var model = AutoModelForSequenceClassification.FromConfig(Config("mixer"));
        var weights = model.named_parameters().ToDictionary(p => p.name, p => GoldenTensor.Of(p.parameter).Values);
        Assert.IsTrue(weights["mixer.embeddings.norm.weight"].All(w => w == 1));
        var inner = weights["mixer.layers.0.feed_forward.inner.weight"];
        Assert.AreEqual(1 / Math.Sqrt(16), inner.Max(Math.Abs), 0.01);
        Assert.AreEqual(0.02, Math.Sqrt(weights["mixer.layers.0.attention.query.weight"].Average(w => w * w)), 0.004);
    }

    [TestMethod]
    public void Modules_of_TorchSharp_have_the_type_that_the_model_is_loaded_in()
    {
        using var model = AutoModelForSequenceClassification.FromConfig(Config("mixer"), new() { DType = ModelDType.BFloat16 });
        Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.BFloat16));
        using var scope = NewDisposeScope();
        using var batch = new DataCollatorWithPadding(0).Collate(Texts(2));
        Assert.AreEqual(ScalarType.BFloat16, model.call(batch).Logits.dtype);
    }

    [TestMethod]
    public void Blocks_outside_a_model_are_initialised_on_request_and_stay_the_same_tensors_when_moved()
    {
        using var layer = new MixerLayer(16, AttentionImplementation.Sdpa);
        layer.InitializeWeights(deviation: 0.1);
        var weights = layer.named_parameters().ToDictionary(p => p.name, p => GoldenTensor.Of(p.parameter).Values);
        Assert.AreEqual(0.1, Math.Sqrt(weights["attention.query.weight"].Average(w => w * w)), 0.02);
        Assert.IsTrue(weights["attention.query.bias"].All(b => b == 0));
        Assert.IsTrue(weights["attention.norm.weight"].All(w => w == 1));
        var before = layer.parameters().ToList();
        layer.to(ScalarType.Float64);
        Assert.IsTrue(before.Zip(layer.parameters(), ReferenceEquals).All(same => same));
        using var scope = NewDisposeScope();
        var hidden = rand(2, 3, 16, ScalarType.Float64);
        Assert.AreEqual(ScalarType.Float64, layer.Run(hidden, new HfTrainer.Models.Layers.PaddedLayout(hidden)).dtype);
    }

    [TestMethod]
    public void A_batch_without_its_padding_gives_the_same_scores()
    {
        using var model = AutoModelForSequenceClassification.FromConfig(Config("mixer"));
        var (padded, packed) = (Scores(model), Scores(model, packed: true));
        for (var i = 0; i < padded.Length; i++)
            Assert.AreEqual(padded[i], packed[i], 1e-5);
    }

    [TestMethod]
    public void A_body_that_reads_images_needs_no_token_ids()
    {
        using var model = AutoModelForSequenceClassification.FromConfig(Config("patches"));
        using var scope = NewDisposeScope();
        using var batch = new Batch { Size = 3, ["pixel_values"] = rand(3, 1, 8, 8), [Batch.Labels] = tensor(new long[] { 0, 1, 0 }) };
        var output = model.call(batch);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, output.Logits.shape);
        output.Loss!.backward();
        Assert.IsTrue(model.parameters().All(p => p.grad is not null));
        Assert.IsFalse(((PretrainedModel)model).InputNames.Contains("input_ids"));
    }

    [TestMethod]
    public void A_head_that_needs_token_ids_says_so_over_a_body_that_reads_none()
    {
        var failure = Assert.ThrowsExactly<NotSupportedException>(() => AutoModelForCausalLM.FromConfig(Config("patches")));
        Assert.Contains("PatchModel has no embedding of input ids", failure.Message);
    }

    private static float[] Scores(PretrainedModel model, bool packed = false)
    {
        using var scope = NewDisposeScope();
        using var batch = new DataCollatorWithPadding(0).Collate(Texts(8));
        batch.Packed = packed;
        return model.call(batch).Logits.data<float>().ToArray();
    }

    private static PretrainedConfig Config(string modelType) => PretrainedConfig.Parse("here",
        System.Text.Encoding.UTF8.GetBytes($$"""{ "model_type": "{{modelType}}", "hidden_size": 16, "vocab_size": 40, "num_hidden_layers": 2, "image_size": 8 }"""));

    // The label says whether a text has a marked token.
    private static List<Example> Texts(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var ids = Enumerable.Range(0, random.Next(4, 10)).Select(_ => random.Next(Marked + 1, 40)).ToArray();
            if (i % 2 == 1)
                ids[random.Next(ids.Length)] = Marked;
            return new Example { ["input_ids"] = ids, ["labels"] = i % 2 };
        })];
    }

    private static TrainingArguments Settings() => new() { PerDeviceTrainBatchSize = 16, NumTrainEpochs = 15, LearningRate = 1e-2, LoggingSteps = 10, Seed = 4, UseCpu = true };
}
