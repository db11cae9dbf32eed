using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer;

/// <summary>How processes that were launched together have ended.</summary>
public sealed record LaunchResult
{
    /// <summary>Gets whether every process ended with exit code 0, and no signal ended the launch.</summary>
    public bool Succeeded => FailedRank is null && Signal is null;

    /// <summary>Gets the rank of the process that failed first; null if none did.</summary>
    public int? FailedRank { get; init; }

    /// <summary>Gets the exit code of the process that failed first; on Linux and macOS, 128 plus the number of the signal that ended it. 0 if none failed.</summary>
    public int FailedExitCode { get; init; }

    /// <summary>Gets the signal that the launcher received and passed on; null if none ended the launch.</summary>
    public PosixSignal? Signal { get; init; }

    /// <summary>Gets how often the processes were started again.</summary>
    public int Restarts { get; init; }
}
