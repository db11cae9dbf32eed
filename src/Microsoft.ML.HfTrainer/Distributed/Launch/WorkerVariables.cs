using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>The environment variables of processes that are launched together: those of torchrun, and of <c>accelerate launch</c> where an option asks for them.</summary>
internal sealed class WorkerVariables(LaunchOptions options)
{
    private readonly int _port = options.MasterPort ?? FreePort();
    private readonly string _runId = Guid.NewGuid().ToString();

    /// <summary>Returns the variables of a process.</summary>
    public IEnumerable<(string Name, string Value)> Of(int localRank, int restart)
    {
        var (rank, size) = (Number(options.NodeRank * options.ProcessesPerNode + localRank), Number(options.WorldSize));
        List<(string, string?)> variables =
        [
            ("RANK", rank), ("WORLD_SIZE", size),
            ("LOCAL_RANK", Number(localRank)), ("LOCAL_WORLD_SIZE", Number(options.ProcessesPerNode)),
            ("GROUP_RANK", Number(options.NodeRank)), ("GROUP_WORLD_SIZE", Number(options.NodeCount)),
            ("ROLE_NAME", options.Role), ("ROLE_RANK", rank), ("ROLE_WORLD_SIZE", size),
            ("MASTER_ADDR", options.MasterAddress ?? "127.0.0.1"), ("MASTER_PORT", Number(_port)),
            ("TORCHELASTIC_RUN_ID", _runId), ("TORCHELASTIC_RESTART_COUNT", Number(restart)), ("TORCHELASTIC_MAX_RESTARTS", Number(options.MaxRestarts)),
            // Nobody listens at the port yet: rank 0 does.
            ("TORCHELASTIC_USE_AGENT_STORE", "False"),
            ("TORCH_NCCL_ASYNC_ERROR_HANDLING", UnlessSet("TORCH_NCCL_ASYNC_ERROR_HANDLING", "1")),
            ("OMP_NUM_THREADS", options.ThreadsPerProcess is { } threads ? Number(threads) : options.ProcessesPerNode > 1 ? UnlessSet("OMP_NUM_THREADS", SharedProcessors()) : null),
            ("ACCELERATE_MIXED_PRECISION", options.MixedPrecision),
            ("ACCELERATE_USE_CPU", options.UseCpu ? "True" : null),
            ("CUDA_VISIBLE_DEVICES", options.GpuIds),
            ("ACCELERATE_DEBUG_MODE", options.WaitForDebugger ? "true" : null),
            (DebuggerWait.Variable, options.WaitForDebugger ? "true" : null),
        ];
        return [.. from variable in variables where variable.Item2 is not null select (variable.Item1, variable.Item2), .. options.Environment.Select(variable => (variable.Key, variable.Value))];
    }

    private static string? UnlessSet(string name, string value) => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)) ? value : null;

    private string SharedProcessors() => Number(Math.Max(1, Environment.ProcessorCount / options.ProcessesPerNode));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
