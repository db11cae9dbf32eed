using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Tests.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Distributed.Launch;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Starts of torchrun and <c>accelerate launch</c>, repeated with <c>hftrainer launch</c> and real processes: the variables that they get, and what becomes of them after a fault or a signal.</summary>
[TestClass]
[TestCategory(DistributedCases.Category)]
[TestCategory("Process")]
[NeedsDotNet]
[OSCondition(OperatingSystems.Linux)]
public class GoldenLaunch
{
    // Enough that a busy machine has passed on signals before it is over.
    private const double Grace = 2;

    // The machine on which the variables were recorded.
    private const string Processors = "2";

    // What the launchers of Python leave running, or do not pass on.
    private static readonly Dictionary<string, (string[] Events, int[] ExitCodes)> _mended = new()
    {
        ["launcher_sigkill"] = (["0 0 start", "1 0 start"], [137]),
        ["accelerate_simple_sigterm"] = (["0 0 start", "0 0 SIGTERM"], [1]),
        // The first launcher waited for the other one, until it was killed.
        ["other_node_fails_static"] = (["0 0 start", "1 0 start", "1 0 3", "0 0 end"], [0, 1]),
    };

    // Launchers of several machines do not speak with each other here.
    private static readonly string[] _rendezvous = ["other_node_fails_c10d", "node_count_not_reached"];

    // What .NET makes of an exception, and a shell of a signal.
    private static readonly Dictionary<string, string> _codes = new() { ["raise"] = "134 (SIGABRT)", ["kill"] = "137 (SIGKILL)" };

    private static readonly string[] _options =
    [
        "--standalone", "--nproc-per-node", "--master-port", "--master-addr", "--nnodes", "--node-rank", "--role", "--max-restarts", "--num_processes", "--cpu", "--mixed_precision", "--multi_gpu",
        "--main_process_port", "--main_process_ip", "--debug", "--gpu_ids", "--num_cpu_threads_per_process", "--max_restarts", "--num_machines", "--machine_rank", "--same_network", "--config_file",
    ];

    // Of torchrun's own mechanisms, of Intel's threads (which it would place on the same cores), of dynamo, and of Python.
    private static readonly string[] _without =
        ["TORCHELASTIC_ERROR_FILE", "TORCHELASTIC_SIGNALS_TO_HANDLE", "TORCHELASTIC_USE_AGENT_STORE", "TORCHELASTIC_RUN_ID", "KMP_", "ACCELERATE_DYNAMO_", "PYTHONPATH", "PYTORCH_"];

    // The values that say what a missing variable says.
    private static readonly HashSet<(string, string)> _likeMissing = [("ACCELERATE_MIXED_PRECISION", "no"), ("ACCELERATE_USE_CPU", "False")];

    private static readonly Dictionary<string, string> _refused = new()
    {
        ["torchrun_wrong_flag"] = "two", ["accelerate_wrong_precision"] = "'tf32'; it should be no, fp16 or bf16", ["accelerate_missing_config_file"] = "'absent.yaml' does not exist",
        ["accelerate_yaml_unknown_key"] = "line 16: 'my_key' is not a known key", ["accelerate_yaml_no_distributed_type"] = "distributed_type", ["accelerate_yaml_minimal_no_processes"] = "num_processes",
        ["accelerate_two_machines_without_ip"] = "--main-process-ip) is not set",
    };

    public static IEnumerable<object[]> Failures => DistributedCases.Rows("launch.json", "failures");

    public static IEnumerable<object[]> Environments => DistributedCases.Rows("launch.json", "environment");

    public static string RowName(MethodInfo method, object[] row) => DistributedCases.RowName(method, row);

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("distributed/launch.json", Failures.Count());

    [TestMethod]
    [DynamicData(nameof(Failures), DynamicDataDisplayName = nameof(RowName))]
    public void Ends(string name, int index)
    {
        if (_rendezvous.Contains(name))
            GoldenFolder.Skip($"{name}: launchers that meet");
        using var folder = new TemporaryFolder();
        var golden = DistributedCases.Get("launch.json", "failures", index);
        var plan = golden.GetProperty("plan").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.ToString());
        // Those who wait for a process that ends by itself need not wait as long as the slow machine of the golden runs.
        var seconds = double.Parse(plan.GetValueOrDefault("seconds", "60"), CultureInfo.InvariantCulture) / (golden.TryGetProperty("act", out _) ? 1 : 3);
        string[] command =
        [
            "dotnet", TrainingRunProcess.Assembly, "launched", $"folder={folder.Path}", FormattableString.Invariant($"seconds={seconds}"),
            .. plan.Where(entry => entry.Key != "seconds").Select(entry => $"{entry.Key}={entry.Value}"),
        ];
        var launchers = Flags(golden).Select(flags => new LaunchProcess([.. flags, "--shutdown-timeout", Grace.ToString(CultureInfo.InvariantCulture)], command)).ToList();
        try
        {
            if (golden.TryGetProperty("act", out var act))
            {
                Assert.IsTrue(launchers[0].WaitFor(" start", act.TryGetProperty("workers", out var workers) ? workers.GetInt32() : 2), launchers[0].Errors);
                launchers[0].Signal(act.GetProperty("signal").GetString()!, act.TryGetProperty("group", out _));
            }
            int[] codes = [.. launchers.Select(launcher => launcher.End())];
            var said = string.Join('\n', launchers.Select(launcher => launcher.Errors));
            var lines = launchers.SelectMany(launcher => launcher.Lines).ToList();
            var differences = new Differences();
            var (events, exitCodes) = _mended.TryGetValue(name, out var mended) ? mended : (Events(golden), [.. golden.GetProperty("exit_codes").EnumerateArray().Select(code => code.GetInt32())]);
            differences.List("events", [.. events.Order(StringComparer.Ordinal)], [.. lines.Select(line => line.Text["event ".Length..]).Order(StringComparer.Ordinal)]);
            differences.List("exit codes", exitCodes, codes);
            foreach (var (rank, what) in plan.Where(entry => int.TryParse(entry.Key, out _) && entry.Value != "quit"))
                differences.Same("the rank and its exit code are told", true, said.Contains($"hftrainer: rank {rank} (process ") && said.Contains($") ended with exit code {_codes.GetValueOrDefault(what, what)}"));
            if (plan.ContainsKey("ignore"))
                differences.Same("the grace period is respected", true, launchers[0].Ended - lines.Last().Read >= TimeSpan.FromSeconds(Grace));
            differences.AssertNone();
        }
        finally
        {
            launchers.ForEach(launcher => launcher.Dispose());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Environments), DynamicDataDisplayName = nameof(RowName))]
    public void Gives_variables(string name, int index)
    {
        using var folder = new TemporaryFolder();
        var golden = DistributedCases.Get("launch.json", "environment", index);
        var flags = Flags(golden).ToList();
        if (flags[0].FirstOrDefault(flag => flag.StartsWith("--", StringComparison.Ordinal) && !_options.Contains(flag)) is { } unknown)
            GoldenFolder.Skip($"{name}: the option {unknown}");
        if (!golden.TryGetProperty("workers", out var workers) && !_refused.ContainsKey(name))
            GoldenFolder.Skip($"{name}: a launcher of CPUs and another of GPUs");
        var before = golden.TryGetProperty("set_before", out var set) ? Variables(set) : [];
        before["DOTNET_PROCESSOR_COUNT"] = Processors;
        if (golden.TryGetProperty("config", out var config))
            Write(folder["config.yaml"], config);
        var launchers = flags.Select(words => new LaunchProcess([.. words.Select(word => word == $"./{name}.yaml" ? folder["config.yaml"] : word)], ["sh", "-c", $"env > '{folder.Path}/'$RANK"], before)).ToList();
        try
        {
            int[] codes = [.. launchers.Select(launcher => launcher.End())];
            var said = string.Join('\n', launchers.Select(launcher => launcher.Errors));
            var differences = new Differences();
            if (_refused.TryGetValue(name, out var message))
                differences.Same("is refused", (true, true), (codes[0] > 0, said.Contains(message)));
            else
                Compare([.. workers.EnumerateArray().Select(worker => Variables(worker.GetProperty("env")))], flags[0], config, before, folder.Path, differences);
            Assert.IsTrue(_refused.ContainsKey(name) || codes.All(code => code == 0), said);
            differences.AssertNone();
        }
        finally
        {
            launchers.ForEach(launcher => launcher.Dispose());
        }
    }

    private static void Compare(List<Dictionary<string, string>> golden, List<string> flags, JsonElement config, Dictionary<string, string> before, string folder, Differences differences)
    {
        string? Given(string flag, string key) =>
            flags.IndexOf(flag) is var at and >= 0 ? flags[at + 1] : config.ValueKind == JsonValueKind.Object && config.TryGetProperty(key, out var value) ? value.ToString() : null;
        var port = Given("--main_process_port", "main_process_port") ?? Given("--master-port", "");
        // Accelerate starts one process of several on a CPU.
        var count = golden[0].ContainsKey("RANK") ? golden.Count : int.Parse(Given("--num_processes", "num_processes") ?? "1", CultureInfo.InvariantCulture);
        differences.Same("processes", count, Directory.GetFiles(folder).Count(file => !file.EndsWith(".yaml", StringComparison.Ordinal)));
        for (var rank = 0; rank < count; rank++)
        {
            var found = File.ReadAllLines(Path.Combine(folder, $"{rank}")).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);
            foreach (var (variable, value) in golden[Math.Min(rank, golden.Count - 1)])
            {
                if (_without.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal)) || _likeMissing.Contains((variable, value)) && !found.ContainsKey(variable))
                    continue;
                // Where no port is given, a free one is taken; one process has all processors.
                if (variable == "MASTER_PORT" && port is null or "0" || variable == "OMP_NUM_THREADS" && count == 1)
                    continue;
                differences.Same($"{rank}: {variable}", value == "localhost" ? "127.0.0.1" : value.Replace("<port>", port), found.GetValueOrDefault(variable));
            }
            foreach (var (variable, value) in before.Where(variable => !golden[0].ContainsKey(variable.Key)))
                differences.Same($"{rank}: {variable}, as it was", value, found.GetValueOrDefault(variable));
        }
    }

    /// <summary>The options of each launcher.</summary>
    private static IEnumerable<List<string>> Flags(JsonElement golden)
    {
        var port = FreePort();
        List<string> Words(JsonElement list) => [.. list.EnumerateArray().Select(word => word.GetString()!.Replace("<port>", port))];
        var flags = golden.TryGetProperty("flags", out var given) ? Words(given) : [];
        return golden.TryGetProperty("agents", out var agents) ? agents.EnumerateArray().Select(own => flags.Concat(Words(own)).ToList()).ToList() : [flags];
    }

    private static string[] Events(JsonElement golden) =>
        [.. golden.GetProperty("events").EnumerateArray().Select(one => $"{one.GetProperty("rank")} {one.GetProperty("restart")} {one.GetProperty("what")}")];

    private static void Write(string file, JsonElement config)
    {
        static IEnumerable<string> Lines(JsonElement section, string indent) => section.EnumerateObject().SelectMany(entry => entry.Value.ValueKind == JsonValueKind.Object
            ? Lines(entry.Value, indent + "  ").Prepend($"{indent}{entry.Name}:")
            : [$"{indent}{entry.Name}: {(entry.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? entry.Value.GetRawText() : entry.Value)}"]);
        File.WriteAllLines(file, Lines(config, ""));
    }

    private static Dictionary<string, string> Variables(JsonElement variables) => variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
