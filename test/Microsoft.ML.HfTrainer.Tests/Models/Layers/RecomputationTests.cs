using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Precision;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class RecomputationTests
{
    [TestMethod]
    [DataRow(RandomStream.Fast, false, 1)]
    [DataRow(RandomStream.Reference, false, 1)]
    [DataRow(RandomStream.Fast, true, 1)]
    [DataRow(RandomStream.Reference, true, 2)]
    public void Every_number_is_what_it_is_without(RandomStream stream, bool bf16, int everyNLayers)
    {
        using var model = TinyBert.Model(dropout: 0.3);
        model.UseRandomStream(stream);
        model.train();
        var live = new LiveTensors();
        var expected = Gradients(model, stream, bf16);
        using (var recomputation = new Recomputation())
        {
            model.UseRecomputation(recomputation, everyNLayers);
            var actual = Gradients(model, stream, bf16, recomputation);
            foreach (var (name, values) in expected)
                CollectionAssert.AreEqual(values, actual[name], name);
        }
        model.UseRecomputation(null);
        model.zero_grad(set_to_none: true);
        live.AssertUnchanged();
    }

    [TestMethod]
    public void Weights_above_a_frozen_embedding_get_their_gradients()
    {
        using var model = TinyBert.Model();
        foreach (var (name, parameter) in model.named_parameters())
            parameter.requires_grad = !name.Contains("embeddings");
        model.train();
        var expected = Gradients(model, RandomStream.Reference, bf16: false);
        using var recomputation = new Recomputation();
        model.UseRecomputation(recomputation);
        var actual = Gradients(model, RandomStream.Reference, bf16: false, recomputation);
        Assert.IsNotEmpty(expected);
        foreach (var (name, values) in expected)
            CollectionAssert.AreEqual(values, actual[name], name);
    }

    [TestMethod]
    public void Only_every_so_manieth_layer_in_training_is_computed_again()
    {
        using var scope = NewDisposeScope();
        using var recomputation = new Recomputation();
        var calls = 0;
        Tensor Count(Tensor x, bool again)
        {
            calls++;
            return x * x;
        }
        var input = ones(2, requires_grad: true);
        recomputation.Run(input, Count).sum().backward();
        Assert.AreEqual(2, calls);
        CollectionAssert.AreEqual(new[] { 2f, 2f }, input.grad!.data<float>().ToArray());
        using (no_grad())
            recomputation.Run(input, Count);
        Assert.AreEqual(3, calls);
    }

    [TestMethod]
    public void What_is_thrown_in_the_backward_pass_is_thrown_after_it()
    {
        using var scope = NewDisposeScope();
        using var recomputation = new Recomputation();
        var loss = recomputation.Run(ones(2, requires_grad: true), (x, again) => again ? throw new NotSupportedException("second time") : x * 2).sum();
        loss.backward();
        Assert.AreEqual("second time", Assert.ThrowsExactly<NotSupportedException>(recomputation.Complete).Message);
        recomputation.Complete();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Activations_do_not_stay_in_memory()
    {
        using var model = Wide();
        model.train();
        using var recomputation = new Recomputation();
        model.UseRecomputation(recomputation);
        var with = Kept(model);
        model.UseRecomputation(null);
        var without = Kept(model);
        Assert.IsLessThan(without / 6, with, $"MB kept for the backward pass: {with} with, {without} without");
    }

    // The native memory, in MB, that is in use after the forward pass and was not before.
    private static double Kept(PretrainedModel model)
    {
        using var scope = NewDisposeScope();
        using var batch = new Batch { Size = 8 };
        batch["input_ids"] = full(8, 128, 7, ScalarType.Int64);
        batch["labels"] = zeros(8, ScalarType.Int64);
        model.call(batch).Loss!.backward();
        var before = NativeMemory.InUse;
        var loss = model.call(batch).Loss!;
        var kept = (NativeMemory.InUse - before) / 1e6;
        loss.backward();
        return kept;
    }

    private static PretrainedModel Wide()
    {
        var config = PretrainedConfig.FromPretrained(TinyBert.Folder);
        foreach (var (field, value) in new[] { ("hidden_size", 128), ("intermediate_size", 512), ("num_hidden_layers", 6), ("num_attention_heads", 4), ("max_position_embeddings", 128) })
            config.Set(field, JsonValue.Create(value));
        return AutoModelForSequenceClassification.FromConfig(config);
    }

    private static Dictionary<string, float[]> Gradients(PretrainedModel model, RandomStream stream, bool bf16, Recomputation? recomputation = null)
    {
        using var kept = new GeneratorState();
        random.manual_seed(11);
        model.zero_grad(set_to_none: true);
        using var casting = new MixedPrecision(CPU, bf16 ? ScalarType.BFloat16 : null).Attach(model);
        // Two micro-batches: the second one's gradients are added to the first one's.
        foreach (var count in new[] { 5, 3 })
        {
            using var scope = NewDisposeScope();
            using var batch = TinyBert.Batch(count, packed: stream == RandomStream.Fast);
            model.call(batch).Loss!.backward();
            recomputation?.Complete();
        }
        using var reading = NewDisposeScope();
        var gradients = model.named_parameters().Where(p => p.parameter.requires_grad).ToDictionary(p => p.name, p => p.parameter.grad!.data<float>().ToArray());
        gradients["next draw"] = [rand(1).item<float>()];
        return gradients;
    }
}
