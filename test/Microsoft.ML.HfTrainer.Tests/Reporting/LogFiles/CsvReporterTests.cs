using System.Globalization;
using Microsoft.ML.HfTrainer.Reporting.LogFiles;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.LogFiles;

[TestClass]
public sealed class CsvReporterTests
{
    [TestMethod]
    public void Each_record_is_a_row_and_each_name_a_column()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun(new CsvReporter(folder["log.csv"]));
        AssertHolds(folder["log.csv"], run.Trainer.State.LogHistory);
        StringAssert.StartsWith(File.ReadAllText(folder["log.csv"]), "step,epoch,loss,grad_norm,learning_rate,eval_loss,eval_accuracy,");
    }

    [TestMethod]
    public void A_killed_run_that_goes_on_has_no_record_twice_and_none_in_part()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun(new CsvReporter(folder["log.csv"]));
        var records = run.Trainer.State.LogHistory;
        File.WriteAllText(folder["log.csv"], File.ReadAllText(folder["log.csv"])[..^5]);
        var resumed = new CsvReporter(folder["log.csv"]);
        resumed.Begin(run.At(step: 2));
        AssertHolds(folder["log.csv"], records.Where(r => r["step"] <= 2));
        foreach (var record in records.Where(r => r["step"] > 2))
            resumed.Report(new LogRecord(record.Where(value => value.Key != "step")), (int)record["step"]);
        AssertHolds(folder["log.csv"], records);
    }

    [TestMethod]
    public void A_record_outside_training_finds_its_columns_or_adds_them()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun(new CsvReporter(folder["log.csv"]));
        File.AppendAllText(folder["log.csv"], "6,2.0,0.");
        new CsvReporter(folder["log.csv"]).Report(new LogRecord { ["epoch"] = 2, ["eval_loss"] = 0.5 }, 6);
        new CsvReporter(folder["log.csv"]).Report(new LogRecord { ["epoch"] = 2, ["test_a,b"] = double.NaN }, 6);
        AssertHolds(folder["log.csv"],
        [
            .. run.Trainer.State.LogHistory, new LogRecord { ["epoch"] = 2, ["eval_loss"] = 0.5, ["step"] = 6 }, new LogRecord { ["epoch"] = 2, ["test_a,b"] = double.NaN, ["step"] = 6 },
        ]);
    }

    [TestMethod]
    public void A_file_that_is_open_elsewhere_does_not_end_training_and_gets_every_record()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyBert.Model();
        using var open = new OpenElsewhere(folder["log.csv"]);
        var log = new MessageLog();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, MaxSteps = 4, LoggingSteps = 1 };
        using var trainer = new Trainer(
            model, args, TinyBert.Data(12), dataCollator: TinyBert.Collator, callbacks: [open, new ReporterCallback(new CsvReporter(folder["log.csv"]))], logger: log);
        trainer.Train();
        AssertHolds(folder["log.csv"], trainer.State.LogHistory);
        StringAssert.StartsWith(log.Warnings.Single(), "CsvReporter cannot write the log at update 2: ");
    }

    [TestMethod]
    [DataRow("a,b", "\"a,b\"")]
    [DataRow("say \"a\"", "\"say \"\"a\"\"\"")]
    [DataRow("two\nlines", "two lines")]
    public void Names_are_quoted_where_they_have_to_be(string name, string written)
    {
        var line = CsvText.Join([name, "", name]);
        Assert.AreEqual($"{written},,{written}", line);
        CollectionAssert.AreEqual(new[] { name.Replace('\n', ' '), "", name.Replace('\n', ' ') }, CsvText.Split(line));
    }

    /// <summary>Another program that has a file open while updates 2 and 3 are logged.</summary>
    private sealed class OpenElsewhere(string path) : ITrainerCallback, IDisposable
    {
        private FileStream? _file;

        public void OnStepEnd(CallbackContext context)
        {
            if (context.State.GlobalStep == 2)
                _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            else if (context.State.GlobalStep == 4)
                Dispose();
        }

        public void Dispose() => _file?.Dispose();
    }

    private static void AssertHolds(string file, IEnumerable<LogRecord> records)
    {
        var text = File.ReadAllText(file);
        Assert.IsTrue(text.EndsWith('\n'));
        var rows = text.Split('\n').SkipLast(1).Select(CsvText.Split).ToList();
        Assert.IsTrue(rows.TrueForAll(row => row.Count == rows[0].Count), "each row has each column");
        var found = rows.Skip(1).Select(row => Show(rows[0].Zip(row).Where(cell => cell.Second != "")
            .Select(cell => KeyValuePair.Create(cell.First, double.Parse(cell.Second, CultureInfo.InvariantCulture)))));
        CollectionAssert.AreEqual(records.Select(Show).ToList(), found.ToList());
    }

    private static string Show(IEnumerable<KeyValuePair<string, double>> record) =>
        string.Join(' ', record.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => FormattableString.Invariant($"{value.Key}={value.Value:R}")));
}
