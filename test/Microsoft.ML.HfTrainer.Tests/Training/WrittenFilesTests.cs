using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Tokenization;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public sealed class WrittenFilesTests
{
    // A folder that was trained on one system is copied to another, compared and kept under version control.
    [TestMethod]
    public void Text_files_have_the_same_line_ends_on_every_system()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyBert.Model();
        var args = new TrainingArguments(folder.Path) { MaxSteps = 2, SaveSteps = 1, LoggingSteps = 1, SaveStrategy = SaveStrategy.Steps, ReportTo = ["all", "csv"], UseCpu = true };
        var tokenizer = TinyTokenizer.Load(configuration: """{ "pad_token": "[PAD]" }""");
        using (var trainer = new Trainer(model, args, TinyBert.Data(12), tokenizer: tokenizer, dataCollator: TinyBert.Collator))
        {
            trainer.Train();
            trainer.SaveModel(folder["model"]);
        }
        model.SavePretrained(folder["shards"], maxShardSize: 10_000);
        var texts = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".json" or ".jsonl" or ".txt" or ".csv" or ".jinja").ToList();
        Assert.IsGreaterThan(15, texts.Count, string.Join(' ', texts));
        Assert.IsEmpty(texts.Where(file => File.ReadAllBytes(file).Contains((byte)'\r')));
    }
}
