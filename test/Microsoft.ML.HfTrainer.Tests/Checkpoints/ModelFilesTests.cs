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
