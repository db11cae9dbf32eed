using Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.WeightsAndBiases;

[TestClass]
public sealed class WeightsAndBiasesReporterTests
{
    [TestMethod]
    public void A_training_is_one_run_to_which_predictions_belong_until_the_reporter_is_disposed()
    {
        using var folder = new TemporaryFolder();
        var reporter = Reporter(folder);
        using var run = new LoggedRun(reporter);
        var parameters = run.Trainer.Model.parameters().Sum(p => p.numel());
        var history = run.Trainer.State.LogHistory;
        Assert.IsNull(Read(folder).ExitCode);
        run.Trainer.Predict(TinyBert.Data(5));
        reporter.Dispose();

        var log = Read(folder);
        Assert.AreEqual(0, log.ExitCode);
        Assert.AreEqual("bert", (string)log.Config["model_type"]!);
        Assert.AreEqual(4, (int)log.Config["per_device_train_batch_size"]!);
        Assert.AreEqual(parameters, (long)log.Config["model/num_parameters"]!);
        Assert.HasCount(history.Count + 1, log.Rows);
        CollectionAssert.AreEqual(Enumerable.Range(0, log.Rows.Count).ToList(), log.Rows.ConvertAll(row => (int)row["_step"]));
        foreach (var (logged, row) in history.Zip(log.Rows))
            Assert.AreEqual(logged["step"], row["train/global_step"]);
        Assert.AreEqual(history[0]["loss"], log.Rows[0]["train/loss"]);
        CollectionAssert.IsSubsetOf(new[] { "test/loss", "test/accuracy" }, log.Rows[^1].Keys);
        Assert.AreEqual(history[^1]["train_loss"], (double)log.Summary["train_loss"]!);
        CollectionAssert.AreEquivalent(new[] { "train/epoch", "train/global_step", "_step", "_runtime", "_timestamp" }, log.Rows[^2].Keys);
    }

    [TestMethod]
    public void A_training_that_fails_ends_as_failed_and_one_that_is_canceled_as_interrupted()
    {
        foreach (var (failure, code) in new (Exception, int)[] { (new InvalidOperationException("no memory"), 1), (new OperationCanceledException(), 255) })
        {
            using var folder = new TemporaryFolder();
            var reporter = Reporter(folder);
            using var run = new LoggedRun();
            run.Trainer.AddCallback(new ReporterCallback(reporter));
            run.Trainer.AddCallback(new Failing(failure));
            try
            {
                run.Trainer.Train();
                Assert.Fail("nothing failed");
            }
            catch (Exception thrown) when (thrown == failure || thrown.InnerException == failure)
            {
            }
            var (log, text) = (Read(folder), Text(folder));
            Assert.AreEqual(code, log.ExitCode);
            Assert.HasCount(2, log.Rows);
            StringAssert.Contains(text, failure.Message);
        }
    }

    [TestMethod]
    public void Each_record_is_on_disk_when_it_was_reported_and_numbers_that_are_none_are_words()
    {
        using var folder = new TemporaryFolder();
        using var reporter = Reporter(folder);
        reporter.Begin(new ReportedRun { RunName = "first" });
        for (var step = 1; step <= 3; step++)
        {
            reporter.Report(new LogRecord { ["loss"] = step == 2 ? double.NaN : step, ["grad_norm"] = double.NegativeInfinity }, step);
            Assert.HasCount(step, Read(folder).Rows);
        }
        StringAssert.Contains(Text(folder), """{"nested_key":["train/loss"],"value_json":"NaN"}""");
        StringAssert.Contains(Text(folder), """{"nested_key":["train/grad_norm"],"value_json":"-Infinity"}""");
    }

    [TestMethod]
    public void A_record_that_could_not_be_written_is_written_with_the_next_one()
    {
        using var folder = new TemporaryFolder();
        using var reporter = Reporter(folder);
        reporter.Report(new LogRecord { ["loss"] = 1 }, 1);
        using (new FileStream(LogIn(folder), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.ThrowsExactly<IOException>(() => reporter.Report(new LogRecord { ["loss"] = 2 }, 2));
        reporter.Report(new LogRecord { ["loss"] = 3 }, 3);
        CollectionAssert.AreEqual(new[] { 1.0, 2, 3 }, Read(folder).Rows.ConvertAll(row => row["train/loss"]));
    }

    [TestMethod]
    public void Trials_are_a_group_and_each_training_is_a_run()
    {
        using var folder = new TemporaryFolder();
        using var reporter = new WeightsAndBiasesReporter(new WandbSettings { Folder = folder.Path }, "out");
        reporter.Begin(new ReportedRun { TrialName = "trial-0", RunName = "search" });
        reporter.Begin(new ReportedRun { TrialName = "trial-1" });
        var runs = Directory.GetFiles(folder.Path, "*.wandb", SearchOption.AllDirectories).Select(file => new LoggedWandbRun(new WandbSchema().ReadLog(file))).ToList();
        CollectionAssert.AreEquivalent(new[] { ("trial-0", "search", (int?)0), ("trial-1", "out", null) }, runs.ConvertAll(r => ((string)r.Run!["display_name"]!, (string)r.Run["run_group"]!, r.ExitCode)));
    }

    [TestMethod]
    public void Secrets_are_not_among_the_settings()
    {
        using var folder = new TemporaryFolder();
        using var reporter = Reporter(folder);
        reporter.Begin(new ReportedRun { Arguments = """{"hub_token": "hf_secret", "eos_token_id": 2}""" });
        Assert.AreEqual("<HUB_TOKEN>", (string)Read(folder).Config["hub_token"]!);
        Assert.AreEqual(2, (int)Read(folder).Config["eos_token_id"]!);
        Assert.DoesNotContain("hf_secret", Text(folder));
    }

    [TestMethod]
    public void Settings_are_those_of_the_Python_client()
    {
        var variables = new Dictionary<string, string>
        {
            ["WANDB_MODE"] = "offline", ["WANDB_PROJECT"] = "imdb", ["WANDB_ENTITY"] = "team", ["WANDB_NAME"] = "n", ["WANDB_RUN_ID"] = "i", ["WANDB_RESUME"] = "must",
            ["WANDB_RUN_GROUP"] = "g", ["WANDB_JOB_TYPE"] = "j", ["WANDB_TAGS"] = "a, b,", ["WANDB_NOTES"] = "note", ["WANDB_DIR"] = "d",
        };
        var read = WandbSettings.Read(variables.GetValueOrDefault);
        CollectionAssert.AreEqual(new[] { "a", "b" }, read.Tags.ToList());
        Assert.AreEqual(
            new WandbSettings { Mode = "offline", Project = "imdb", Entity = "team", Name = "n", RunId = "i", Resume = WandbResume.Must, Group = "g", JobType = "j", Notes = "note", Folder = "d" },
            read with { Tags = new WandbSettings().Tags });
        Assert.AreEqual("huggingface", WandbSettings.Read(_ => null).Project);
        var error = Assert.ThrowsExactly<ArgumentException>(() => WandbSettings.Read(name => name == "WANDB_MODE" ? "ofline" : null));
        Assert.AreEqual("The environment variable WANDB_MODE is 'ofline'; it should be online, offline or disabled.", error.Message);
    }

    [TestMethod]
    public void A_run_that_is_disabled_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var reporter = new WeightsAndBiasesReporter(new WandbSettings { Folder = folder.Path, Mode = WandbSettings.Disabled });
        reporter.Begin(new ReportedRun());
        reporter.Report(new LogRecord { ["loss"] = 1 }, 1);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static WeightsAndBiasesReporter Reporter(TemporaryFolder folder) => new(new WandbSettings { Folder = folder.Path, Mode = WandbSettings.Offline });

    private static string LogIn(TemporaryFolder folder) => Directory.GetFiles(folder.Path, "*.wandb", SearchOption.AllDirectories).Single();

    private static LoggedWandbRun Read(TemporaryFolder folder) => new(new WandbSchema().ReadLog(LogIn(folder)));

    private static string Text(TemporaryFolder folder) => string.Join('\n', new WandbSchema().ReadLog(LogIn(folder)).ConvertAll(record => record.Content.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));

    private sealed class Failing(Exception failure) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context)
        {
            if (context.State.GlobalStep == 3)
                throw failure;
        }
    }
}
