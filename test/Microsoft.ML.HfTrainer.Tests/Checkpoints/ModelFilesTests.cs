using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Tokenization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

[TestClass]
public class ModelFilesTests
{
    [TestMethod]
    public void The_collators_tokenizer_is_saved_where_the_trainer_was_given_none()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyBert.Model();
        var tokenizer = TinyTokenizer.Load(configuration: """{ "pad_token": "[PAD]" }""");
        using (var trainer = new Trainer(model, dataCollator: new DataCollatorWithPadding(tokenizer)))
            trainer.SaveModel(folder["with"]);
        using (var trainer = new Trainer(model, dataCollator: TinyBert.Collator))
            trainer.SaveModel(folder["without"]);
        Assert.AreEqual(tokenizer.Identity, HfTokenizer.FromPretrained(folder["with"]).Identity);
        CollectionAssert.AreEqual(new[] { "config.json", "model.safetensors" }, Directory.GetFiles(folder["without"]).Select(Path.GetFileName).Order().ToArray());
    }

    [TestMethod]
    public void A_module_of_ones_own_comes_back_with_what_it_counts()
    {
        using var folder = new TemporaryFolder();
        using (var model = new Normalized())
        {
            using var scope = NewDisposeScope();
            model.train();
            model.Norm.call(arange(12, ScalarType.Float32).view(4, 3)).Dispose();
            ModelFiles.Save(model, tokenizer: null, folder.Path);
        }

        using var fresh = new Normalized();
        var report = ModelFiles.Load(fresh, folder.Path);

        Assert.AreEqual("", report.ToString());
        // A tenth of the means of the columns, 4.5, 5.5 and 6.5.
        Assert.AreEqual("0.45 0.55 0.65", string.Join(' ', fresh.Norm.running_mean!.data<float>().Select(v => MathF.Round(v, 4))));
        Assert.AreEqual(1, fresh.Norm.num_batches_tracked!.item<long>());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_shared_weight_is_saved_once_and_loads_under_either_name(bool isOneParameter)
    {
        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        float[] expected;
        using (var model = new Shared(isOneParameter))
        {
            ModelFiles.Save(model, tokenizer: null, folder.Path);
            expected = model.Values();
        }
        using (var file = SafetensorsFile.Open(path))
        {
            CollectionAssert.AreEqual(new[] { "inner.weight" }, file.Entries.Keys.ToList());
            Assert.AreEqual("inner.weight", file.Metadata["outer.weight"]);
        }
        AssertLoads(isOneParameter);
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(expected).ToArray();
        SafetensorsWriter.Write(path, [new SafetensorsTensor("outer.weight", SafetensorsDType.F32, [2, 3], bytes)]);
        AssertLoads(isOneParameter);
        SafetensorsWriter.Write(path, [new("outer.weight", SafetensorsDType.F32, [2, 3], bytes), new("inner.weight", SafetensorsDType.F32, [2, 3], bytes)]);
        AssertLoads(isOneParameter);

        void AssertLoads(bool shared)
        {
            using var fresh = new Shared(shared);
            Assert.AreEqual("", ModelFiles.Load(fresh, folder.Path).ToString());
            CollectionAssert.AreEqual(expected, fresh.Values());
        }
    }

    [TestMethod]
    public void A_weight_that_a_file_holds_under_another_name_fills_a_model_that_does_not_share_it()
    {
        using var folder = new TemporaryFolder();
        float[] values = [1, 2, 3, 4, 5, 6];
        SafetensorsWriter.Write(folder["model.safetensors"],
            [new SafetensorsTensor("inner.weight", SafetensorsDType.F32, [2, 3], System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray())],
            new Dictionary<string, string> { ["format"] = "pt", ["outer.weight"] = "inner.weight" });
        using var model = new Shared(null);
        Assert.AreEqual("", ModelFiles.Load(model, folder.Path).ToString());
        CollectionAssert.AreEqual(values, model.Values());
    }

    [TestMethod]
    public void Weights_of_another_module_are_refused()
    {
        using var folder = new TemporaryFolder();
        using (var other = new Normalized())
            ModelFiles.Save(other, tokenizer: null, folder.Path);
        using var model = new Shared(true);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => ModelFiles.Load(model, folder.Path)).Message;
        Assert.Contains("'norm.bias'", message);
        Assert.Contains("'inner.weight'", message);
    }

    // Two layers with one weight: one parameter, two parameters over the same memory, or (null) two of their own.
    private sealed class Shared : nn.Module<Batch, ModelOutput>
    {
        private readonly Linear _inner = nn.Linear(3, 2, hasBias: false), _outer = nn.Linear(3, 2, hasBias: false);

        public Shared(bool? isOneParameter) : base(nameof(Shared))
        {
            if (isOneParameter is { } one)
                _outer.weight = one ? _inner.weight : new Parameter(_inner.weight!.detach());
            register_module("outer", _outer);
            register_module("inner", _inner);
        }

        public float[] Values()
        {
            CollectionAssert.AreEqual(_inner.weight!.data<float>().ToArray(), _outer.weight!.data<float>().ToArray());
            return [.. _outer.weight.data<float>()];
        }

        public override ModelOutput forward(Batch input) => throw new NotSupportedException();
    }

    private sealed class Normalized : nn.Module<Batch, ModelOutput>
    {
        public Normalized() : base(nameof(Normalized)) => RegisterComponents();

        public BatchNorm1d Norm { get; } = nn.BatchNorm1d(3);

        public override ModelOutput forward(Batch input) => throw new NotSupportedException();

        protected override void RegisterComponents() => register_module("norm", Norm);

        protected override void Dispose(bool disposing)
        {
            Norm.Dispose();
            base.Dispose(disposing);
        }
    }
}
