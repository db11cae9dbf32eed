using Microsoft.ML.HfTrainer.Tests.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Distributed;
using Microsoft.ML.HfTrainer.Tests.Distributed.Launch;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>One program, started once and by launchers in two processes.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
[OSCondition(OperatingSystems.Linux)]
public class LaunchedTrainingTests
{
    // Whole batches of one epoch, of which none is filled up.
    private const int Updates = 3;

    [TestMethod]
    [DataRow("hftrainer launch")]
    [DataRow(MpiLauncher.OpenMpi)]
    [DataRow(MpiLauncher.Mpich)]
    public void Two_processes_end_with_the_weights_of_one(string launcher)
    {
        using var folder = new TemporaryFolder();
        string[] Words(string output, int batch) => [$"model={TinyBert.Folder}", $"output={folder[output]}", $"steps={Updates}", $"batch={batch}"];
        using (var alone = TrainingRunProcess.Start(Words("one", 4)))
            Assert.AreEqual(0, alone.End());
        if (launcher.StartsWith("mpirun", StringComparison.Ordinal))
        {
            var (code, lines) = MpiLauncher.Run(launcher, Words("two", 2));
            Assert.AreEqual(0, code, string.Join('\n', lines));
        }
        else
            Launch(Words("two", 2));
        AssertSameWeights(folder[$"one/checkpoint-{Updates}"], folder[$"two/checkpoint-{Updates}"]);
    }

    [TestMethod]
    public void After_a_rank_was_killed_both_go_on_from_the_last_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var model = TrainingRunProcess.ModelWithDropout(folder["model"]);
        string[] Words(string output) => [$"model={model}", $"output={folder[output]}", "steps=9"];
        Launch(Words("whole"));
        using var launcher = new LaunchProcess(
            ["-n", "2", "--max-restarts", "1"], ["sh", "-c", """[ $TORCHELASTIC_RESTART_COUNT = 1 ] || set -- "$@" point=optimizer occurrence=2; exec "$0" "$@" """, "dotnet", TrainingRunProcess.Assembly, .. Words("killed")]);
        Assert.AreEqual(0, launcher.End(), launcher.Errors);
        Assert.Contains("rank 0 (process ", launcher.Errors);
        Assert.Contains("ended with exit code 137 (SIGKILL)", launcher.Errors);
        Assert.AreEqual(2, launcher.Lines.Count(line => line.Text == "begin 3"));
        AssertSameWeights(folder["whole/checkpoint-9"], folder["killed/checkpoint-9"]);
    }

    private static void Launch(string[] words)
    {
        using var launcher = new LaunchProcess(["-n", "2"], ["dotnet", TrainingRunProcess.Assembly, .. words]);
        Assert.AreEqual(0, launcher.End(), launcher.Errors);
    }

    // The biases of keys have no gradient but rounding errors, which Adam makes as large as any other.
    private static void AssertSameWeights(string expected, string found)
    {
        using var one = AutoModelForSequenceClassification.FromPretrained(expected);
        using var two = AutoModelForSequenceClassification.FromPretrained(found);
        var (weights, differences) = (two.named_parameters().ToDictionary(p => p.name, p => p.parameter), new Differences());
        foreach (var (name, parameter) in one.named_parameters().Where(p => !p.name.EndsWith("key.bias", StringComparison.Ordinal)))
            differences.Tensor(name, GoldenTensor.Of(parameter), GoldenTensor.Of(weights[name]), 1e-5);
        differences.AssertNone();
    }
}
