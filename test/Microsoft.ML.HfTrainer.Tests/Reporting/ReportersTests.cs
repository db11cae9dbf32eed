using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Reporting;

[TestClass]
public sealed class ReportersTests
{
    [TestMethod]
    public void All_stands_for_every_reporter_but_trackers_that_are_not_there_and_none_for_none()
    {
        using var folder = new TemporaryFolder();
        CollectionAssert.AreEquivalent(
            Reporters.For(new ReporterSettings { OutputDir = folder.Path, ReportTo = ["all", "csv"] }).Select(r => r.GetType()).ToList(),
            Reporters.For(new ReporterSettings { OutputDir = folder.Path, ReportTo = [.. Reporters.Names.Except(["wandb", "mlflow", "azure_ml"])] }).Select(r => r.GetType()).ToList());
        Assert.IsEmpty(Reporters.For(new ReporterSettings { ReportTo = ["none"] }));
        Assert.IsEmpty(ReporterCallback.For(new TrainingArguments()));
        CollectionAssert.IsSubsetOf(new[] { "tensorboard", "jsonl", "csv", "wandb" }, Reporters.Names.ToList());
    }

    [TestMethod]
    public void An_unknown_name_is_refused_with_the_nearest_one()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Reporters.For(new ReporterSettings { OutputDir = "out", ReportTo = ["tensorbord"] }));
        StringAssert.Contains(error.Message, "ReportTo is 'tensorbord'");
        StringAssert.Contains(error.Message, "Did you mean 'tensorboard'?");
    }

    [TestMethod]
    [DataRow("tensorboard", "OutputDir or LoggingDir")]
    [DataRow("jsonl", "OutputDir")]
    [DataRow("csv", "OutputDir")]
    public void A_reporter_that_writes_needs_a_folder(string name, string settings)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Reporters.For(new ReporterSettings { ReportTo = [name] }));
        StringAssert.Contains(error.Message, $"'{name}'");
        StringAssert.Contains(error.Message, $"set {settings}.");
    }

    [TestMethod]
    public void A_reporter_of_ones_own_is_named_like_the_others()
    {
        var reports = new List<string>();
        Reporters.Register("list", settings => new ListReporter(reports, settings.RunName!));
        using var run = new LoggedRun([.. Reporters.For(new ReporterSettings { ReportTo = ["list"], RunName = "first" })]);
        Assert.AreEqual("begin first 0", reports[0]);
        Assert.AreEqual("end", reports[^1]);
        CollectionAssert.AreEqual(run.Trainer.State.LogHistory.ConvertAll(r => $"report {r["step"]}: {string.Join(' ', r.Keys.Where(k => k != "step"))}"), reports[1..^1]);
    }

    private sealed class ListReporter(List<string> reports, string name) : ITrainerReporter
    {
        public void Begin(ReportedRun run) => reports.Add($"begin {name} {run.GlobalStep}");

        public void Report(LogRecord logs, int step) => reports.Add($"report {step}: {string.Join(' ', logs.Keys)}");

        public void End() => reports.Add("end");
    }
}
