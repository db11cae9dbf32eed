using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Distributed.Launch;

/// <summary>The command <c>hftrainer launch</c> with real processes. <see cref="Golden.GoldenLaunch"/> compares it with the launchers of Python.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
[OSCondition(OperatingSystems.Linux)]
public class LaunchTests
{
    [TestMethod]
    public void Lines_have_the_rank_before_them()
    {
        using var launcher = Launch(["-n", "2", "--tee", "1"], "echo one; echo two; echo fault >&2");
        Assert.AreEqual(0, launcher.End(), launcher.Errors);
        Assert.AreSequenceEqual(["[rank 0] one", "[rank 0] two", "[rank 1] one", "[rank 1] two"], launcher.Lines.Select(line => line.Text).Order());
        Assert.AreEqual("fault\nfault", launcher.Errors.Trim());
    }

    [TestMethod]
    public void Each_rank_of_each_attempt_has_its_log()
    {
        using var folder = new TemporaryFolder();
        using var launcher = Launch(["-n", "2", "--max-restarts", "1", "--log-dir", folder["logs"]], "echo rank $RANK; echo fault >&2; [ $RANK = 0 ] || [ $TORCHELASTIC_RESTART_COUNT = 1 ] || exit 4");
        Assert.AreEqual(0, launcher.End(), launcher.Errors);
        Assert.IsEmpty(launcher.Lines);
        Assert.Contains($"rank 1 (process ", launcher.Errors);
        Assert.Contains($"ended with exit code 4; its output is in '{folder["logs/attempt_0/1"]}'", launcher.Errors);
        Assert.Contains("hftrainer: restart 1 of 1.", launcher.Errors);
        foreach (var attempt in new[] { 0, 1 })
            foreach (var rank in new[] { 0, 1 })
            {
                // The first attempt ends rank 0 when rank 1 has failed, perhaps before it has written.
                if ((attempt, rank) == (0, 0))
                    continue;
                Assert.AreEqual($"rank {rank}\n", File.ReadAllText(folder[$"logs/attempt_{attempt}/{rank}/stdout.log"]));
                Assert.AreEqual("fault\n", File.ReadAllText(folder[$"logs/attempt_{attempt}/{rank}/stderr.log"]));
            }
    }

    // They hold the output open, which would otherwise have no end for five minutes.
    [TestMethod]
    [DataRow("", "SIGKILL", 137, DisplayName = "the launcher is killed")]
    [DataRow("", "SIGTERM", 1, DisplayName = "the launcher is asked to end")]
    [DataRow("[ $RANK = 0 ] || exit 1;", null, 1, DisplayName = "another process fails")]
    public void What_a_process_has_started_ends_with_it(string before, string? signal, int expected)
    {
        using var launcher = Launch(["-n", "2"], $"sh -c 'trap \"\" TERM; echo up; sleep 300; sleep 300' & {before} wait");
        Assert.IsTrue(launcher.WaitFor("up", 1), launcher.Errors);
        if (signal is not null)
            launcher.Signal(signal);
        Assert.AreEqual(expected, launcher.End(), launcher.Errors);
    }

    [TestMethod]
    public void A_restart_resumes_from_the_last_checkpoint()
    {
        using var folder = new TemporaryFolder();
        string Train(string more) => $"exec dotnet '{TrainingRunProcess.Assembly}' 'model={TinyBert.Folder}' 'output={folder["run"]}' steps=9 {more}";
        using var launcher = Launch(["--max-restarts", "1"], $"if [ $TORCHELASTIC_RESTART_COUNT = 0 ]; then {Train("point=optimizer occurrence=2")}; fi; {Train("")}");
        Assert.AreEqual(0, launcher.End(), launcher.Errors);
        var told = launcher.Lines.Select(line => line.Text).Where(line => line.StartsWith("begin ") || line.StartsWith("saved ") || line.StartsWith("killed ")).ToList();
        Assert.AreSequenceEqual(["begin 0", "saved 3", "killed at optimizer", "begin 3", "saved 6", "saved 9"], told);
        Assert.Contains("ended with exit code 137 (SIGKILL)", launcher.Errors);
    }

    [TestMethod]
    public void Each_rank_waits_for_a_debugger()
    {
        using var launcher = new LaunchProcess(["-n", "2", "--debug", "--tee", "3"], ["dotnet", TrainingRunProcess.Assembly, "launched", "folder=/nowhere"]);
        Assert.IsTrue(launcher.WaitFor("[rank 1] Rank 1 waits for a debugger", 0));
        var told = new Regex(@"^\[rank (\d)\] Rank \1 waits for a debugger: process \d+ \(dotnet\)\.$", RegexOptions.Multiline);
        SpinWait.SpinUntil(() => told.Count(launcher.Errors) == 2, TimeSpan.FromMinutes(1));
        Assert.AreEqual(2, told.Count(launcher.Errors), launcher.Errors);
        launcher.Signal("SIGTERM");
        Assert.AreEqual(1, launcher.End());
        // Otherwise it would have failed, having no folder to meet.
        Assert.IsEmpty(launcher.Lines);
        Assert.DoesNotContain("ended with exit code", launcher.Errors);
    }

    [TestMethod]
    [DataRow("", "launch -n 2 -- dotnet app.dll")]
    [DataRow("-- absent-program", "The program 'absent-program' was not found in PATH")]
    [DataRow("-- ./absent", "The program './absent' was not found.")]
    [DataRow("-n 0 --max-restarts -1 --shutdown-timeout -1 -- true", "(--nproc-per-node) is 0; it should be at least 1", "(--max-restarts) is -1", "(--shutdown-timeout) is ")]
    [DataRow("--nnodes 2 --node-rank 2 -- true", "(--node-rank) is 2", "(--main-process-ip) is not set", "(--main-process-port) is not set")]
    [DataRow("--nnodes 2 --num_processes 3 -- true", "3 processes cannot be divided among 2 machines")]
    [DataRow("-n 2 --num_processes 2 -- true", "--nproc-per-node is 2 and --num-processes is 2")]
    [DataRow("-n two -- true", "--nproc-per-node is 'two'; it should be a number, gpu, cpu or auto.")]
    [DataRow("--tee 4 -- true", "--tee is 4; it should be 0")]
    [DataRow("--main_process_port 70000 -- true", "(--main-process-port) is 70000")]
    public void What_cannot_be_started_is_refused(string words, params string[] expected)
    {
        using var launcher = LaunchProcess.OfWords(words);
        Assert.AreEqual(1, launcher.End());
        foreach (var message in expected)
            Assert.Contains(message, launcher.Errors);
    }

    [TestMethod]
    public void A_busy_port_is_refused()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        using var launcher = LaunchProcess.OfWords($"--main-process-port {port} -- true");
        Assert.AreEqual(1, launcher.End());
        Assert.Contains($"is {port}, which another program of this machine uses", launcher.Errors);
    }

    [TestMethod]
    [DataRow("distributed_type: MULTI_GPU\nnum_processes: two", "line 2: num_processes is 'two'; it should be a whole number")]
    [DataRow("distributed_type: MULTI_GPU\nuse_cpu: maybe", "line 2: use_cpu is 'maybe'; it should be true or false")]
    [DataRow("distributed_type: MULTI_GPU\nnum_process: 2", "line 2: 'num_process' is not a known key. Did you mean 'num_processes'?")]
    [DataRow("distributed_type: FSDP\nnum_processes: 2\nfsdp_config: FULL_SHARD", "line 3: fsdp_config should have keys of its own below it")]
    [DataRow("- a", "it should be lines of 'key: value'")]
    [DataRow("a: 'b", "line 1")]
    [DataRow("num_processes: 2", "there is no distributed_type")]
    public void A_faulty_configuration_is_refused(string yaml, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], yaml);
        using var launcher = LaunchProcess.OfWords($"--config-file {folder["a.yaml"]} -- true");
        Assert.AreEqual(1, launcher.End());
        Assert.Contains(folder["a.yaml"], launcher.Errors);
        Assert.Contains(expected, launcher.Errors);
    }

    [TestMethod]
    public void Keys_without_effect_are_named_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], """
            compute_environment: LOCAL_MACHINE
            distributed_type: FSDP
            num_processes: 2
            downcast_bf16: 'no'
            rdzv_backend: c10d
            tpu_use_sudo: false
            tpu_name:
            mpirun_config:
              mpirun_hostfile: hosts
            fsdp_config:
              version: 2
              fsdp_offload_params: true
              transformer_layer_cls_to_wrap: BertLayer
            """);
        using var launcher = Launch(["--config-file", folder["a.yaml"], "--cpu"], "env");
        Assert.AreEqual(0, launcher.End(), launcher.Errors);
        Assert.AreEqual($"hftrainer: {folder["a.yaml"]}: no effect here have rdzv_backend, mpirun_config.", launcher.Errors.Trim());
        var lines = launcher.Lines.Select(line => line.Text).ToList();
        foreach (var variable in new[] { "ACCELERATE_USE_FSDP=true", "FSDP_VERSION=2", "FSDP_OFFLOAD_PARAMS=true", "FSDP_TRANSFORMER_CLS_TO_WRAP=BertLayer", "FSDP_SHARDING_STRATEGY=FULL_SHARD", "ACCELERATE_USE_CPU=True" })
            Assert.AreEqual(2, lines.Count(line => line == variable), variable);
    }

    private static LaunchProcess Launch(string[] options, string script) => new(options, ["sh", "-c", script]);
}
