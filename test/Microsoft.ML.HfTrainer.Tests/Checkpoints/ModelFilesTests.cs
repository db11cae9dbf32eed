using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Tokenization;

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
}
