using System.Net;
using System.Net.Sockets;
using Microsoft.ML.HfTrainer.Distributed.Launch;

namespace Microsoft.ML.HfTrainer;

/// <summary>What <see cref="HfTrainerLauncher"/> starts, how often, and with which environment variables.</summary>
public sealed class LaunchOptions
{
    /// <summary>Gets the program, which is a path or a name to be found in <c>PATH</c>, and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Gets the number of processes on each machine. Default: 1.</summary>
    public int ProcessesPerNode { get; init; } = 1;

    /// <summary>Gets the number of machines. A launcher is started on each of them. Default: 1.</summary>
    public int NodeCount { get; init; } = 1;

    /// <summary>Gets the number of this machine, from 0 to <see cref="NodeCount"/> - 1. Default: 0.</summary>
    public int NodeRank { get; init; }

    /// <summary>Gets the name or address of machine 0, which the others reach it by (<c>MASTER_ADDR</c>). Default: null, which means this machine; several machines need it.</summary>
    public string? MasterAddress { get; init; }

    /// <summary>Gets the TCP port on machine 0 where the processes meet (<c>MASTER_PORT</c>). Default: null, which means a free one; several machines need it.</summary>
    public int? MasterPort { get; init; }

    /// <summary>Gets how often all processes of this machine are started again after one has failed. Default: 0.</summary>
    /// <remarks>The variable <c>TORCHELASTIC_RESTART_COUNT</c> counts the restarts; <see cref="ClusterEnvironment.RestartCount"/> reads it.</remarks>
    public int MaxRestarts { get; init; }

    /// <summary>Gets how long processes that were asked to end (SIGTERM) may take before they are killed (SIGKILL). Default: 30 seconds.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the folder that receives what each process writes, as <c>attempt_0/1/stdout.log</c> and <c>stderr.log</c> for rank 1 before any restart. Existing files are appended to.
    /// Default: null, which means no files.
    /// </summary>
    public string? LogDirectory { get; init; }

    /// <summary>
    /// Gets the streams that are shown line by line with a prefix such as <c>[rank 1]</c>. Other streams are shown as they are, or not at all if <see cref="LogDirectory"/> is set.
    /// Default: none, so that programs write to the terminal itself and can draw progress bars.
    /// </summary>
    public StandardStreams Tee { get; init; }

    /// <summary>Gets the compute threads of each process (<c>OMP_NUM_THREADS</c>). Default: null, which leaves the variable as it is if it is set, and otherwise divides the processors among several processes.</summary>
    public int? ThreadsPerProcess { get; init; }

    /// <summary>Gets the precision of training for arguments that set none: <c>no</c>, <c>fp16</c> or <c>bf16</c> (<c>ACCELERATE_MIXED_PRECISION</c>). Default: null, which leaves the variable as it is.</summary>
    public string? MixedPrecision { get; init; }

    /// <summary>Gets whether training uses the CPU even if there is a GPU (<c>ACCELERATE_USE_CPU</c>). Default: false.</summary>
    public bool UseCpu { get; init; }

    /// <summary>Gets the GPUs of this machine that are used, such as <c>0,1</c> (<c>CUDA_VISIBLE_DEVICES</c>). Default: null, which means all.</summary>
    public string? GpuIds { get; init; }

    /// <summary>Gets the role of the processes (<c>ROLE_NAME</c>). Default: <c>default</c>.</summary>
    public string Role { get; init; } = "default";

    /// <summary>Gets whether each process shows its id and waits until a debugger is attached. Programs do so when they first use this library. Default: false.</summary>
    public bool WaitForDebugger { get; init; }

    /// <summary>Gets further environment variables of all processes, which take precedence over those of the launcher.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the writer of the launcher's own messages. Default: standard error.</summary>
    public TextWriter Messages { get; init; } = Console.Error;

    internal int WorldSize => NodeCount * ProcessesPerNode;

    /// <summary>Checks the options before anything is started.</summary>
    /// <exception cref="ArgumentException">Some are invalid; the message names all of them.</exception>
    internal void Check()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(System.Environment.NewLine, faults));
    }

    private IEnumerable<string> Faults()
    {
        if (Command is not [{ Length: > 0 } program, ..])
            yield return $"{nameof(Command)} is empty; it should be a program and its arguments.";
        else if (!ProgramPath.Exists(program))
            yield return $"The program '{program}' was not found{(ProgramPath.IsName(program) ? " in PATH" : "")}.";
        foreach (var (name, option, value, least) in new[]
                 {
                     (nameof(ProcessesPerNode), "--nproc-per-node", ProcessesPerNode, 1), (nameof(NodeCount), "--nnodes", NodeCount, 1), (nameof(MaxRestarts), "--max-restarts", MaxRestarts, 0),
                     (nameof(ThreadsPerProcess), "--num-cpu-threads-per-process", ThreadsPerProcess ?? 1, 1),
                 })
        {
            if (value < least)
                yield return $"{Name(name, option)} is {value}; it should be at least {least}.";
        }
        if (NodeRank < 0 || NodeRank >= NodeCount && NodeCount > 0)
            yield return $"{Name(nameof(NodeRank), "--node-rank")} is {NodeRank}; it should be from 0 to one below the number of machines, which is {NodeCount}.";
        if (GracePeriod < TimeSpan.Zero || GracePeriod > TimeSpan.FromDays(1))
            yield return $"{Name(nameof(GracePeriod), "--shutdown-timeout")} is {GracePeriod}; it should be from 0 to one day.";
        if (MixedPrecision is not (null or "no" or "fp16" or "bf16"))
            yield return $"{Name(nameof(MixedPrecision), "--mixed-precision")} is '{MixedPrecision}'; it should be no, fp16 or bf16.";
        if (NodeCount > 1 && MasterAddress is null)
            yield return $"{Name(nameof(MasterAddress), "--main-process-ip")} is not set; {NodeCount} machines need the address of machine 0.";
        if (NodeCount > 1 && MasterPort is null)
            yield return $"{Name(nameof(MasterPort), "--main-process-port")} is not set; {NodeCount} machines need a port that is free on machine 0, the same on each machine.";
        if (MasterPort is < 1 or > ushort.MaxValue)
            yield return $"{Name(nameof(MasterPort), "--main-process-port")} is {MasterPort}; it should be from 1 to {ushort.MaxValue}.";
        else if (MasterPort is { } port && NodeRank == 0 && !IsFree(port))
            yield return $"{Name(nameof(MasterPort), "--main-process-port")} is {port}, which another program of this machine uses; take another, or none for a free one.";
    }

    // As it is called here, and on the command line.
    private static string Name(string property, string option) => $"{nameof(LaunchOptions)}.{property} ({option})";

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
