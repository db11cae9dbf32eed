using System.Collections;
using Microsoft.ML.HfTrainer.Distributed;

namespace Microsoft.ML.HfTrainer;

/// <summary>The place of this process among the processes that train one model together, as their launcher describes it in environment variables.</summary>
/// <remarks>
/// The launchers are asked in the order in which Hugging Face Accelerate asks them: torchrun, <c>accelerate launch</c> and Azure ML (<c>RANK</c>, <c>WORLD_SIZE</c>),
/// then MPICH, Open MPI and MVAPICH; and after them Slurm and Kubeflow, which also start other launchers. Variables that are empty or -1 count as not set.
/// </remarks>
public sealed record ClusterEnvironment
{
    /// <summary>The port of <see cref="MasterPort"/> where none is given.</summary>
    public const int DefaultMasterPort = 29500;

    /// <summary>Gets the name of the launcher; null if none started this process.</summary>
    public string? Launcher { get; init; }

    /// <summary>Gets the number of this process, from 0 to <see cref="WorldSize"/> - 1.</summary>
    public int Rank { get; init; }

    /// <summary>Gets the number of all processes. Default: 1.</summary>
    public int WorldSize { get; init; } = 1;

    /// <summary>Gets the number of this process on its machine, from 0 to <see cref="LocalWorldSize"/> - 1: the index of its GPU.</summary>
    public int LocalRank { get; init; }

    /// <summary>Gets the number of processes on this machine. Default: 1.</summary>
    public int LocalWorldSize { get; init; } = 1;

    /// <summary>Gets the number of this machine, from 0 to <see cref="NodeCount"/> - 1.</summary>
    public int NodeRank { get; init; }

    /// <summary>Gets the number of machines. Default: 1.</summary>
    public int NodeCount { get; init; } = 1;

    /// <summary>Gets the name or address of the machine where the processes meet; null if none is given.</summary>
    public string? MasterAddress { get; init; }

    /// <summary>Gets the TCP port where the processes meet. Default: 29500.</summary>
    public int MasterPort { get; init; } = DefaultMasterPort;

    /// <summary>Gets how often the launcher has restarted the processes.</summary>
    public int RestartCount { get; init; }

    /// <summary>Gets whether this process writes checkpoints, reports and the console for all.</summary>
    public bool IsMain => Rank == 0;

    /// <summary>Gets whether this process is the first on its machine.</summary>
    public bool IsLocalMain => LocalRank == 0;

    /// <summary>Reads the environment of this process.</summary>
    /// <exception cref="ArgumentException">A variable is malformed, or two launchers contradict each other; the message shows the variables with their values.</exception>
    public static ClusterEnvironment Read() => Read(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""));

    /// <summary>Reads the environment of a process.</summary>
    /// <param name="variables">The environment variables and their values.</param>
    /// <exception cref="ArgumentException">A variable is malformed, or two launchers contradict each other; the message shows the variables with their values.</exception>
    public static ClusterEnvironment Read(IReadOnlyDictionary<string, string> variables) =>
        new ClusterReader(new ClusterVariables(variables ?? throw new ArgumentNullException(nameof(variables)))).Read();
}
