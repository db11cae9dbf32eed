namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>The environment variables in which a launcher describes the place of a process. Of several names the first one set counts.</summary>
/// <param name="Name">The name of the launcher.</param>
/// <param name="Rank">The number of the process.</param>
/// <param name="WorldSize">The number of processes.</param>
internal sealed record LauncherVariables(string Name, string[] Rank, string[] WorldSize)
{
    /// <summary>All launchers. The first that describes this process decides.</summary>
    public static IReadOnlyList<LauncherVariables> All { get; } =
    [
        // Also those of torch.distributed itself, and of accelerate launch and Azure ML.
        new("torchrun", ["RANK"], ["WORLD_SIZE"])
        {
            LocalRank = ["LOCAL_RANK"], LocalWorldSize = ["LOCAL_WORLD_SIZE"], NodeRank = ["GROUP_RANK", "NODE_RANK"], NodeCount = ["GROUP_WORLD_SIZE"],
            RestartCount = ["TORCHELASTIC_RESTART_COUNT"],
        },
        new("MPICH", ["PMI_RANK"], ["PMI_SIZE"]) { LocalRank = ["MPI_LOCALRANKID"], LocalWorldSize = ["MPI_LOCALNRANKS"] },
        new("Open MPI", ["OMPI_COMM_WORLD_RANK"], ["OMPI_COMM_WORLD_SIZE"]) { LocalRank = ["OMPI_COMM_WORLD_LOCAL_RANK"], LocalWorldSize = ["OMPI_COMM_WORLD_LOCAL_SIZE"] },
        new("MVAPICH", ["MV2_COMM_WORLD_RANK"], ["MV2_COMM_WORLD_SIZE"]) { LocalRank = ["MV2_COMM_WORLD_LOCAL_RANK"], LocalWorldSize = ["MV2_COMM_WORLD_LOCAL_SIZE"] },
        // A batch script has the variables of its job, but is one process: it has no step.
        new("Slurm", ["SLURM_PROCID"], ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"])
        {
            LocalRank = ["SLURM_LOCALID"], LocalWorldSize = ["SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE", "SLURM_NTASKS_PER_NODE"],
            NodeRank = ["SLURM_NODEID"], NodeCount = ["SLURM_STEP_NUM_NODES", "SLURM_NNODES"], MasterAddress = ["SLURM_STEP_NODELIST", "SLURM_NODELIST"],
            RestartCount = ["SLURM_RESTART_COUNT"], StartsLaunchers = true, Unless = variables => variables.Has("SLURM_JOB_ID") && !variables.Has("SLURM_STEP_ID"),
        },
        // The flags of a torchrun on each machine; without one, each machine runs one process.
        new("Kubeflow", ["PET_NODE_RANK"], ["PET_NNODES"])
        {
            NodeRank = ["PET_NODE_RANK"], NodeCount = ["PET_NNODES"], MasterAddress = ["PET_MASTER_ADDR", "PET_RDZV_ENDPOINT"], MasterPort = ["PET_MASTER_PORT"],
            StartsLaunchers = true, StartedByLauncher = "PET_NPROC_PER_NODE",
        },
    ];

    /// <summary>The number of the process on its machine.</summary>
    public string[] LocalRank { get; init; } = [];

    /// <summary>The number of processes on the machine, or a list of such numbers by machine, as in <c>4(x2),3</c>.</summary>
    public string[] LocalWorldSize { get; init; } = [];

    /// <summary>The number of the machine.</summary>
    public string[] NodeRank { get; init; } = [];

    /// <summary>The number of machines.</summary>
    public string[] NodeCount { get; init; } = [];

    /// <summary>The machine where the processes meet, after MASTER_ADDR: its address, with or without a port, or a list of machines of which it is the first, as in <c>node[01-04]</c>.</summary>
    public string[] MasterAddress { get; init; } = [];

    /// <summary>The port where the processes meet, after MASTER_PORT.</summary>
    public string[] MasterPort { get; init; } = [];

    /// <summary>The number of restarts.</summary>
    public string[] RestartCount { get; init; } = [];

    /// <summary>Whether the launcher also starts other launchers, whose description then counts.</summary>
    public bool StartsLaunchers { get; init; }

    /// <summary>The number of processes that another launcher is to start on each machine; null if this launcher starts them all.</summary>
    public string? StartedByLauncher { get; init; }

    /// <summary>Whether the variables do not describe this process.</summary>
    public Predicate<ClusterVariables> Unless { get; init; } = _ => false;
}
