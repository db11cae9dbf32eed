using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.LogFiles;

[TestClass]
public sealed class JsonLinesReporterTests
{
    [TestMethod]
    public void Each_record_is_a_line()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun(new JsonLinesReporter(folder["log.jsonl"]));
        AssertHolds(folder["log.jsonl"], run.Trainer.State.LogHistory);
    }

    [TestMethod]
    public void A_run_starts_the_file_anew()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["log.jsonl"], "{\"loss\":1,\"step\":900}\n");
        using var run = new LoggedRun(new JsonLinesReporter(folder["log.jsonl"]));
        AssertHolds(folder["log.jsonl"], run.Trainer.State.LogHistory);
    }

    [TestMethod]
    public void A_killed_run_that_goes_on_has_no_record_twice_and_none_in_part()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun(new JsonLinesReporter(folder["log.jsonl"]));
        var records = run.Trainer.State.LogHistory;
        // Killed in the middle of a line, after the checkpoint of update 2.
        File.WriteAllText(folder["log.jsonl"], File.ReadAllText(folder["log.jsonl"])[..^5]);
        var resumed = new JsonLinesReporter(folder["log.jsonl"]);
        resumed.Begin(run.At(step: 2));
        AssertHolds(folder["log.jsonl"], records.Where(r => r["step"] <= 2));
        foreach (var record in records.Where(r => r["step"] > 2))
            resumed.Report(Logged(record), (int)record["step"]);
        AssertHolds(folder["log.jsonl"], records);
    }

    [TestMethod]
    public void A_record_outside_training_is_appended_to_whole_lines()
    {
        using var folder = new TemporaryFolder();
        using var run = new LoggedRun(new JsonLinesReporter(folder["log.jsonl"]));
        File.AppendAllText(folder["log.jsonl"], "{\"loss\":0.");
        new JsonLinesReporter(folder["log.jsonl"]).Report(new LogRecord { ["eval_loss"] = 2 }, 6);
        AssertHolds(folder["log.jsonl"], [.. run.Trainer.State.LogHistory, new LogRecord { ["eval_loss"] = 2, ["step"] = 6 }]);
    }

    [TestMethod]
    public void Numbers_that_JSON_has_not_are_texts()
    {
        using var folder = new TemporaryFolder();
        new JsonLinesReporter(folder["new/log.jsonl"]).Report(new LogRecord { ["a"] = double.NaN, ["b"] = double.NegativeInfinity }, 0);
        Assert.AreEqual("""{"a":"NaN","b":"-Infinity","step":0}""" + "\n", File.ReadAllText(folder["new/log.jsonl"]));
    }

    [TestMethod]
    public void Lines_that_cannot_be_written_follow_later()
    {
        using var folder = new TemporaryFolder();
        var reporter = new JsonLinesReporter(folder["log.jsonl"]);
        reporter.Begin(new ReportedRun());
        using (new FileStream(folder["log.jsonl"], FileMode.Open, FileAccess.Read, FileShare.None))
        {
            Assert.Throws<IOException>(() => reporter.Report(new LogRecord { ["loss"] = 2 }, 1));
            Assert.Throws<IOException>(() => reporter.Report(new LogRecord { ["loss"] = 1 }, 2));
        }
        reporter.End();
        AssertHolds(folder["log.jsonl"], [new LogRecord { ["loss"] = 2, ["step"] = 1 }, new LogRecord { ["loss"] = 1, ["step"] = 2 }]);
    }

    private static LogRecord Logged(LogRecord record) => new(record.Where(value => value.Key != "step"));

    private static void AssertHolds(string file, IEnumerable<LogRecord> records)
    {
        var text = File.ReadAllText(file);
        Assert.IsTrue(text.EndsWith('\n'));
        var lines = text.Split('\n').SkipLast(1).Select(line => JsonNode.Parse(line)!.AsObject().Select(p => KeyValuePair.Create(p.Key, (double)p.Value!))).ToList();
        CollectionAssert.AreEqual(records.Select(Show).ToList(), lines.ConvertAll(Show));
    }

    private static string Show(IEnumerable<KeyValuePair<string, double>> record) => string.Join(' ', record.Select(value => FormattableString.Invariant($"{value.Key}={value.Value:R}")));
}
