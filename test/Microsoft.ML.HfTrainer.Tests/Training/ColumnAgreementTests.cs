using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public sealed class ColumnAgreementTests
{
    [TestMethod]
    [DataRow("0", "1.0", "whole numbers", "real numbers", DisplayName = "a label is a real number in the second file")]
    [DataRow("1", "good", "whole numbers", "text", DisplayName = "a label is a word in the second file")]
    [DataRow("good", "1", "text", "whole numbers", DisplayName = "a label is a word in the first file")]
    public void A_label_of_another_type_names_column_and_both_files(string first, string second, string expected, string found)
    {
        using var folder = new TemporaryFolder();
        var message = Assert.ThrowsExactly<InvalidDataException>(() => Train(folder, first, second, data => data)).Message;
        foreach (var part in new[] { "'label'", folder["train.csv"], folder["test.csv"], expected, found, "DataFileOptions.Types" })
            StringAssert.Contains(message, part);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Train(folder, first, second, data => data.Map(rows => rows).Shuffle(1))).Message, folder["test.csv"]);
    }

    [TestMethod]
    public void Columns_that_the_model_does_not_read_may_differ()
    {
        using var folder = new TemporaryFolder();
        Train(folder, "0", "1", data => data, secondId: "x");
    }

    [TestMethod]
    public void Numbers_to_be_predicted_may_be_whole_in_one_file()
    {
        using var folder = new TemporaryFolder();
        Train(folder, "3", "2.5", data => data, outputs: 1);
    }

    [TestMethod]
    public void Evaluation_alone_compares_too()
    {
        using var folder = new TemporaryFolder();
        using var train = Read(folder["train.csv"], "1", "0");
        using var test = Read(folder["test.csv"], "1.5", "0");
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments(), Tokens(train), dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => trainer.Evaluate(Tokens(test))).Message, folder["test.csv"]);
    }

    private static void Train(TemporaryFolder folder, string first, string second, Func<Dataset, Dataset> view, int outputs = 3, string secondId = "0")
    {
        using var train = Read(folder["train.csv"], first, "0");
        using var test = Read(folder["test.csv"], second, secondId);
        var config = TinyBert.Model().Config;
        config.Labels = [.. Enumerable.Range(0, outputs).Select(i => $"L{i}")];
        config.ProblemType = null;
        using var model = AutoModelForSequenceClassification.FromConfig(config);
        var args = new TrainingArguments { MaxSteps = 1, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1 };
        using var trainer = new Trainer(model, args, view(Tokens(train)), view(Tokens(test)), dataCollator: TinyBert.Collator);
        trainer.Train();
    }

    private static Dataset Read(string path, string label, string id)
    {
        File.WriteAllLines(path, ["label,id", $"{label},{id}", $"{label},{id}"]);
        return Dataset.FromCsv(path);
    }

    // The file of a mapped dataset is that of its rows.
    private static Dataset Tokens(Dataset rows) => rows.Map(batch => batch.Select(row => new Example(row) { ["input_ids"] = new[] { 2, 7, 3 } }));
}
