namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>The processes that train together with this one, as the launcher started them.</summary>
internal static class ProcessGroup
{
    private static readonly string[] _mpi = ["MPICH", "Open MPI", "MVAPICH"];
    private static readonly AsyncLocal<ICommunicator?> _inPlace = new();
    private static readonly Lock _joining = new();
    private static ICommunicator? _joined;

    /// <summary>Sets the communicator of trainers that this flow of control makes from now on, in place of that of the process.</summary>
    public static ICommunicator? InPlace { set => _inPlace.Value = value; }

    /// <summary>Meets the other processes, the first time that it is called; a process without others has none to meet.</summary>
    /// <param name="timeout">How long to wait for them.</param>
    public static ICommunicator Join(TimeSpan timeout)
    {
        if (_inPlace.Value is { } given)
            return given;
        lock (_joining)
            return _joined ??= Connect(ClusterEnvironment.Read(), timeout);
    }

    private static ICommunicator Connect(ClusterEnvironment environment, TimeSpan timeout)
    {
        if (environment.WorldSize == 1)
            return new SingleProcess();
        if (_mpi.Contains(environment.Launcher))
            return LeftAtExit(MpiCommunicator.Connect(environment));
        var host = environment.MasterAddress ?? throw new ArgumentException(
            $"{environment.Launcher} started this process as rank {environment.Rank} of {environment.WorldSize}, but MASTER_ADDR is not set; it should name the machine of rank 0.");
        // The launcher itself listens on its port then.
        var taken = Environment.GetEnvironmentVariable("TORCHELASTIC_USE_AGENT_STORE") == "True";
        return TcpCommunicator.Connect(environment.Rank, environment.WorldSize, host, environment.MasterPort + (taken ? 1 : 0), timeout);
    }

    // Launchers of MPI take a process that ends without leaving for one that failed, and end the others.
    private static MpiCommunicator LeftAtExit(MpiCommunicator communicator)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Environment.ExitCode == 0)
                communicator.Dispose();
        };
        return communicator;
    }
}
