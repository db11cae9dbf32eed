using Microsoft.ML.HfTrainer.Distributed.Launch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Starts a program several times on this machine, so that the processes train one model together, as <c>torchrun</c> and <c>accelerate launch</c> do.</summary>
/// <remarks>
/// <para>Each process finds its place in the environment variables of torchrun (<see cref="ClusterEnvironment"/>). The command <c>hftrainer launch</c> is this launcher.</para>
/// <para>
/// When a process fails, the others are asked to end (SIGTERM) and killed after <see cref="LaunchOptions.GracePeriod"/>; then all are started again, up to
/// <see cref="LaunchOptions.MaxRestarts"/> times. SIGTERM, SIGINT (Ctrl-C), SIGHUP and SIGQUIT are passed on to the processes. However the launcher ends, also by SIGKILL, no
/// process is left running.
/// </para>
/// <para>On Windows, processes are killed without being asked, and Ctrl-C reaches them through their console.</para>
/// </remarks>
public static class HfTrainerLauncher
{
    /// <summary>Starts the processes and waits until all have ended.</summary>
    /// <param name="options">What is started.</param>
    /// <param name="cancellationToken">Ends the processes as SIGTERM does.</param>
    /// <returns>How they have ended; a failed process is no exception.</returns>
    /// <exception cref="ArgumentException">Options are invalid, or the program was not found; the message names all that is wrong.</exception>
    public static async Task<LaunchResult> RunAsync(LaunchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        using var guard = WorkerGuard.Create();
        using var signals = new SignalQueue(cancellationToken);
        var variables = new WorkerVariables(options);
        for (var restart = 0; ; restart++)
        {
            var result = await new WorkerGroup(options, variables, guard, signals, restart).Run().ConfigureAwait(false);
            if (result.Succeeded || result.Signal is not null || restart == options.MaxRestarts)
                return result;
            options.Messages.WriteLine($"hftrainer: restart {restart + 1} of {options.MaxRestarts}.");
        }
    }
}
