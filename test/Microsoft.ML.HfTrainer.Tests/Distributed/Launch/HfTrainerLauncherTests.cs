using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Distributed.Launch;

[TestClass]
[OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
public class HfTrainerLauncherTests
{
    [TestMethod]
    public async Task Success_is_told()
    {
        var result = await HfTrainerLauncher.RunAsync(new LaunchOptions { Command = ["true"], ProcessesPerNode = 3 });
        Assert.AreEqual(new LaunchResult(), result);
        Assert.IsTrue(result.Succeeded);
    }

    [TestMethod]
    public async Task The_first_process_that_fails_is_told_after_the_last_restart()
    {
        var messages = new StringWriter();
        var result = await HfTrainerLauncher.RunAsync(new LaunchOptions
        {
            Command = ["sh", "-c", "[ $RANK = 3 ] && exit 5; sleep 300"], ProcessesPerNode = 2, NodeCount = 2, NodeRank = 1, MasterAddress = "127.0.0.1", MasterPort = 29500, MaxRestarts = 1, Messages = messages,
        });
        Assert.AreEqual(new LaunchResult { FailedRank = 3, FailedExitCode = 5, Restarts = 1 }, result);
        Assert.IsFalse(result.Succeeded);
        Assert.Contains("hftrainer: restart 1 of 1.", messages.ToString());
    }

    [TestMethod]
    public async Task A_canceled_token_ends_the_processes_as_SIGTERM_does()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var run = HfTrainerLauncher.RunAsync(
            new LaunchOptions { Command = ["sh", "-c", $"trap 'echo > {folder["heard"]}$RANK; exit 0' TERM; echo > {folder["up"]}$RANK; sleep 300 & wait"], ProcessesPerNode = 2, MaxRestarts = 3, Messages = TextWriter.Null },
            cancellation.Token);
        while (Directory.GetFiles(folder.Path, "up*").Length < 2)
            await Task.Delay(10, CancellationToken.None);
        cancellation.Cancel();
        Assert.AreEqual(new LaunchResult { Signal = PosixSignal.SIGTERM }, await run);
        Assert.HasCount(2, Directory.GetFiles(folder.Path, "heard*"));
    }

    [TestMethod]
    public async Task Variables_of_the_options_come_last()
    {
        using var folder = new TemporaryFolder();
        await HfTrainerLauncher.RunAsync(new LaunchOptions
        {
            Command = ["sh", "-c", $"env > {folder["env"]}"], Environment = new Dictionary<string, string> { ["OWN"] = "1", ["ROLE_NAME"] = "own" }, Role = "trainer", GpuIds = "0,2", ThreadsPerProcess = 3,
        });
        var lines = await File.ReadAllLinesAsync(folder["env"]);
        foreach (var line in new[] { "OWN=1", "ROLE_NAME=own", "CUDA_VISIBLE_DEVICES=0,2", "OMP_NUM_THREADS=3", "WORLD_SIZE=1" })
            Assert.Contains(line, lines);
    }

    [TestMethod]
    public async Task Faults_are_told_together()
    {
        var fault = await Assert.ThrowsExactlyAsync<ArgumentException>(() => HfTrainerLauncher.RunAsync(new LaunchOptions { Command = [], ThreadsPerProcess = 0, MixedPrecision = "fp8" }));
        foreach (var expected in new[] { "Command is empty", "LaunchOptions.ThreadsPerProcess (--num-cpu-threads-per-process) is 0", "LaunchOptions.MixedPrecision (--mixed-precision) is 'fp8'" })
            Assert.Contains(expected, fault.Message);
    }
}
