using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models;

/// <summary>Freezing, conversion and resizing: the tensors of a model stay the same ones.</summary>
[TestClass]
public sealed class WeightsOfModelTests
{
    [TestMethod]
    public void A_pattern_takes_weights_out_of_training_and_back()
    {
        using var model = Model();
        var all = Trainable(model).Count;
        Assert.AreEqual(4, model.Freeze(@"attention\.self\.(query|key)\.weight$"));
        Assert.HasCount(all - 4, Trainable(model));
        Assert.AreEqual(4, model.Unfreeze("query"));
        Assert.HasCount(all - 2, Trainable(model));
        Assert.Contains("is found in no name", Assert.ThrowsExactly<ArgumentException>(() => model.Freeze("nothing")).Message);
        Assert.Contains("no regular expression", Assert.ThrowsExactly<ArgumentException>(() => model.Freeze("(")).Message);
    }

    [TestMethod]
    public void Embeddings_and_first_layers_are_frozen_and_training_leaves_them_as_they_are()
    {
        using var model = Model();
        Assert.AreEqual(5, model.FreezeEmbeddings());
        Assert.AreEqual(16, model.FreezeLayers(1));
        var frozen = model.named_parameters().Where(p => !p.parameter.requires_grad).Select(p => p.name).ToList();
        Assert.IsTrue(frozen.All(n => n.StartsWith("bert.embeddings.", StringComparison.Ordinal) || n.StartsWith("bert.encoder.layer.0.", StringComparison.Ordinal)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.FreezeLayers(3));
        var before = TinyBert.Weights(model);
        using (var trainer = new Trainer(model, new TrainingArguments { MaxSteps = 2, UseCpu = true, LearningRate = 1e-2 }, TinyBert.Data(8), dataCollator: TinyBert.Collator))
            trainer.Train();
        var after = TinyBert.Weights(model);
        foreach (var (name, values) in before)
            Assert.AreEqual(frozen.Contains(name), values.AsSpan().SequenceEqual(after[name]), name);
    }

    [TestMethod]
    public void A_conversion_keeps_every_tensor_and_its_gradient()
    {
        using var model = Model();
        using (var scope = NewDisposeScope())
        using (var batch = TinyBert.Batch(2, packed: false))
            model.call(batch).Loss!.backward();
        var (parameters, expected) = (model.parameters().ToList(), TinyBert.Weights(model));
        model.to(ScalarType.Float64);
        Assert.IsTrue(model.parameters().Zip(parameters).All(p => ReferenceEquals(p.First, p.Second) && p.First.dtype == ScalarType.Float64 && p.First.requires_grad));
        Assert.IsTrue(model.parameters().All(p => p.grad is null || p.grad.dtype == ScalarType.Float64));
        model.to(CPU, ScalarType.Float32);
        foreach (var (name, values) in TinyBert.Weights(model))
            CollectionAssert.AreEqual(expected[name], values, name);
    }

    [TestMethod]
    public void A_tied_head_stays_tied_through_conversion_resizing_training_and_files()
    {
        var config = PretrainedConfig.FromPretrained(TinyBert.Folder);
        using var model = AutoModelForMaskedLM.FromConfig(config);
        var old = config.GetSize("vocab_size");
        var table = model.InputEmbedding!.Weight.Parameter;
        model.to(ScalarType.BFloat16);
        model.to(ScalarType.Float32);
        model.ResizeTokenEmbeddings(old + 5, padToMultipleOf: 8);
        var count = (old + 5 + 7) / 8 * 8;
        Assert.AreSame(table, model.InputEmbedding.Weight.Parameter);
        Assert.AreEqual(count, table.shape[0]);
        Assert.AreEqual(count, model.Config.GetSize("vocab_size"));
        Assert.IsTrue(model.Decoder!.IsTied);
        AssertScores(model, count);
        var folder = Directory.CreateTempSubdirectory("hftrainer-tied-").FullName;
        try
        {
            model.SavePretrained(folder);
            using (var file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors")))
                Assert.HasCount(1, file.Entries.Values.Where(e => e.Shape.Count == 2 && e.Shape[0] == count).ToList());
            using var again = AutoModelForMaskedLM.FromPretrained(folder);
            Assert.IsEmpty(again.LoadReport.ToString());
            Assert.IsTrue(again.Decoder!.IsTied);
            AssertScores(again, count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        model.ResizeTokenEmbeddings(10);
        Assert.AreEqual(10, table.shape[0]);
    }

    [TestMethod]
    public void New_rows_lie_at_the_mean_of_the_old_ones_or_are_as_new()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var table = model.InputEmbedding!.Weight.Parameter;
        var (old, before) = (table.shape[0], table.detach().clone());
        model.ResizeTokenEmbeddings((int)old + 40);
        Assert.IsLessThan(1e-3f, (table.detach()[TensorIndex.Slice(old)] - before.mean([0])).abs().max().item<float>());
        Assert.IsTrue(table.detach()[TensorIndex.Slice(0, old)].equal(before).all().item<bool>());
        model.ResizeTokenEmbeddings((int)old);
        model.ResizeTokenEmbeddings((int)old + 40, meanResizing: false);
        Assert.AreEqual(0.02, table.detach()[TensorIndex.Slice(old)].std().item<float>(), 0.003);
        using var batch = TinyBert.Batch(2, packed: false);
        model.call(batch).Loss!.backward();
        Assert.AreEqual(old + 40, table.grad!.shape[0]);
    }

    private static void AssertScores(PretrainedModel model, long count)
    {
        using var scope = NewDisposeScope();
        using var batch = TinyBert.Batch(2, packed: false);
        batch.Remove(Batch.Labels, out var labels);
        labels!.Dispose();
        Assert.AreEqual(count, model.call(batch).Logits.shape[^1]);
    }

    private static PretrainedModel Model() => AutoModelForSequenceClassification.FromPretrained(TinyBert.Folder);

    private static List<string> Trainable(PretrainedModel model) => [.. model.named_parameters().Where(p => p.parameter.requires_grad).Select(p => p.name)];
}
