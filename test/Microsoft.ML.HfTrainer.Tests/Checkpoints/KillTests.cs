using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

/// <summary>Real training processes, ended at whatever moment: what was saved is there, and the run ends as if nothing had happened.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
[OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
public sealed class KillTests
{
    private const int Steps = 900, Killed = 128 + 9, Fifty = 50, AtPoints = 20;

    private static readonly string[] _points =
        ["begun", "model", "optimizer", "scheduler", "random", "state", "arguments", "hashed", "manifest", "flushed", MovedAside, "in place", "discarding"];

    private const string MovedAside = "moved aside";

    private static readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-kills-").FullName;
    private static readonly RunFolder _reference = new(Path.Combine(_folder, "reference"));
    private static string _model = "";

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static void TrainWithoutInterruption(TestContext context)
    {
        _model = TrainingRunProcess.ModelWithDropout(Path.Combine(_folder, "model"));
        using var run = TrainingRunProcess.Start(Settings(_reference, keepAll: true));
        Assert.AreEqual(0, run.End(), string.Join('\n', run.Lines.TakeLast(20)));
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Fifty_kills_lose_nothing_and_change_nothing()
    {
        var (random, output, saved, inSave, timed) = (new Random(Fifty), new RunFolder(Path.Combine(_folder, "killed")), 0, 0, 0);
        string?[] kills = [.. Enumerable.Range(0, Fifty).Select(i => i < AtPoints ? _points[i % _points.Length] : null)];
        random.Shuffle(kills);
        foreach (var point in kills)
        {
            var whole = output.Whole;
            Assert.IsGreaterThanOrEqualTo(saved, whole.FirstOrDefault(), "the newest checkpoint that was saved is there and whole");
            foreach (var step in whole)
                output.AssertSame(_reference, step);
            // Only a damaged checkpoint is ever replaced; it would be the first to go where few are kept.
            if (point == MovedAside && whole.Count > 0)
                output.Damage(whole[0]);
            var expected = point == MovedAside ? whole.Skip(1).FirstOrDefault() : whole.FirstOrDefault();

            using var run = point is null
                ? TrainingRunProcess.Start(Settings(output))
                : TrainingRunProcess.Start([.. Settings(output, keepAll: point == MovedAside), $"point={point}", $"occurrence={(point is MovedAside or "discarding" ? 1 : random.Next(1, 3))}"]);
            Assert.IsNotNull(run.WaitFor("begin"), string.Join('\n', run.Lines));
            Assert.IsGreaterThanOrEqualTo(expected, run.Numbers("begin").Single());
            if (point == MovedAside && whole.Count > 0)
                Assert.Contains(line => line.StartsWith("warning", StringComparison.Ordinal) && line.Contains("passed over") && line.Contains($"checkpoint-{whole[0]}"), run.Lines);
            if (point is null)
            {
                Assert.IsNotNull(run.WaitFor("update"));
                Thread.Sleep(random.Next(80));
                run.Kill();
            }
            Assert.AreEqual(Killed, run.End(), $"{point ?? "timed"}: {string.Join('\n', run.Lines.TakeLast(5))}");
            saved = run.Numbers("saved").LastOrDefault(run.Numbers("begin").Single());
            (inSave, timed) = point is null ? (inSave, timed + 1) : (inSave + 1, timed);
            TestContext.WriteLine($"{point ?? "seeded time"}: from {run.Numbers("begin").Single()} to {run.Numbers("update").LastOrDefault()}");
        }
        Finish(output);
        TestContext.WriteLine($"{inSave} kills at named points inside a save, {timed} at a seeded time after the first update since the resume; the run ended like the uninterrupted one.");
        Assert.AreEqual((AtPoints, Fifty - AtPoints), (inSave, timed));
    }

    [TestMethod]
    public void Ten_requests_to_end_are_followed_after_the_running_update()
    {
        var (random, output, graceful) = (new Random(10), new RunFolder(Path.Combine(_folder, "terminated")), 0);
        for (; graceful < 10; graceful++)
        {
            using var run = TrainingRunProcess.Start(Settings(output));
            Assert.IsNotNull(run.WaitFor("update"), string.Join('\n', run.Lines));
            Thread.Sleep(random.Next(80));
            var ctrlC = graceful % 2 == 1;
            run.Terminate(ctrlC ? "INT" : "TERM");
            Assert.AreEqual(4, run.End(), string.Join('\n', run.Lines.TakeLast(20)));
            var last = run.Numbers("update").Last();
            StringAssert.Contains(
                run.Lines.Single(line => line.StartsWith("stopped ", StringComparison.Ordinal)),
                $"{(ctrlC ? "Ctrl-C" : "SIGTERM")} ended training after {last} of {Steps} updates. The checkpoint is '{Path.Combine(output.Path, $"checkpoint-{last}")}'");
            Assert.IsLessThan(Steps, last, "it ended because it was asked to");
            Assert.AreEqual(last, run.Numbers("saved").Last());
            Assert.AreEqual(last, output.Whole[0]);
        }
        Finish(output);
        TestContext.WriteLine($"{graceful} of 10 ended gracefully; the run ended like the uninterrupted one.");
    }

    [TestMethod]
    public void Ctrl_C_is_heard_where_the_parent_ignores_it()
    {
        using var run = TrainingRunProcess.StartIn(["sh", "-c", "trap '' INT; exec \"$@\"", "sh"], Settings(new RunFolder(Path.Combine(_folder, "background"))));
        Assert.IsNotNull(run.WaitFor("update"), string.Join('\n', run.Lines));
        run.Terminate("INT");
        Assert.AreEqual(4, run.End(), string.Join('\n', run.Lines.TakeLast(20)));
    }

    private static void Finish(RunFolder output)
    {
        using var run = TrainingRunProcess.Start(Settings(output));
        Assert.AreEqual(0, run.End(), string.Join('\n', run.Lines.TakeLast(20)));
        output.AssertSame(_reference, Steps);
        Assert.IsEmpty(Directory.GetFileSystemEntries(output.Path, ".*"), "nothing unfinished is left");
    }

    private static IEnumerable<string> Settings(RunFolder output, bool keepAll = false) =>
        [$"model={_model}", $"output={output.Path}", $"steps={Steps}", .. keepAll ? Array.Empty<string>() : ["limit=2"]];
}
