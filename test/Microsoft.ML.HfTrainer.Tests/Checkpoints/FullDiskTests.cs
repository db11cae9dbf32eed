using System.Diagnostics;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

/// <summary>A training process whose folder lies on a disk too small for three checkpoints.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
[OSCondition(OperatingSystems.Linux)]
public sealed class FullDiskTests : IDisposable
{
    // A mount of its own, which nobody else sees and which is gone with the process. What is on it is told before.
    private const string Script = """
        output=$0
        mount -t tmpfs -o size=500k tmpfs "$output" || exit 99
        "$@"
        code=$?
        for name in $(ls -A "$output"); do echo "left $name"; done
        "$@" continue=true steps=15
        echo "second $?"
        for name in $(ls -A "$output"); do echo "left $name"; done
        exit $code
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_full_disk_fails_the_save_and_keeps_what_was_saved()
    {
        using (var probe = Process.Start("unshare", ["--mount", "--map-root-user", "true"]))
        {
            probe.WaitForExit();
            if (probe.ExitCode != 0)
                Assert.Inconclusive("this system lets nobody mount a small disk for himself (unshare --mount --map-root-user)");
        }
        var output = Directory.CreateDirectory(Path.Combine(_folder, "output")).FullName;
        var model = TrainingRunProcess.ModelWithDropout(Path.Combine(_folder, "model"));
        using var run = TrainingRunProcess.StartIn(["unshare", "--mount", "--map-root-user", "sh", "-c", Script, output], [$"model={model}", $"output={output}", "steps=12"]);

        var code = run.End();

        var said = string.Join('\n', run.Lines);
        Assert.AreEqual(3, code, said);
        var second = run.Lines.FindIndex(line => line.StartsWith("begin ", StringComparison.Ordinal) && line != "begin 0");
        var failure = run.Lines.Single(line => line.StartsWith("failed ", StringComparison.Ordinal));
        foreach (var part in new[] { Path.Combine(output, "checkpoint-9"), "could not be written", "It takes about 0.16 MiB", $"MiB are free in '{output}'", "checkpoint-6' is still there", "ContinueOnSaveFailure" })
            StringAssert.Contains(failure, part);
        CollectionAssert.AreEqual(new[] { "left checkpoint-3", "left checkpoint-6" }, run.Lines.Take(second).Where(line => line.StartsWith("left", StringComparison.Ordinal)).ToList(), said);

        // Told to, the next run goes on from the last good checkpoint to its end.
        Assert.AreEqual("begin 6", run.Lines[second]);
        CollectionAssert.IsSubsetOf(new[] { "update 15", "ended 15", "second 0" }, run.Lines[second..]);
        Assert.HasCount(3, run.Lines[second..].Where(line => line.StartsWith("warning The checkpoint", StringComparison.Ordinal) && line.Contains("could not be written")));
        CollectionAssert.AreEqual(new[] { "left checkpoint-3", "left checkpoint-6" }, run.Lines[second..].Where(line => line.StartsWith("left", StringComparison.Ordinal)).ToList(), said);
    }
}
