using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>The processes of one start on this machine.</summary>
internal sealed class WorkerGroup(LaunchOptions options, WorkerVariables variables, WorkerGuard guard, SignalQueue signals, int restart)
{
    private readonly List<Worker> _workers = [], _running = [];
    private Worker? _failed;
    private PosixSignal? _signal;

    /// <summary>Starts the processes and returns when all have ended: by themselves, or because one has failed or a signal came.</summary>
    public async Task<LaunchResult> Run()
    {
        for (var localRank = 0; localRank < options.ProcessesPerNode; localRank++)
            _workers.Add(new Worker(options, variables, guard, localRank, restart));
        _running.AddRange(_workers);
        while (_running.Count > 0 && _failed is null && _signal is null)
            await Wait(Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        if (_failed is not null || _signal is not null)
            await End().ConfigureAwait(false);
        var result = new LaunchResult { FailedRank = _failed?.Rank, FailedExitCode = _failed?.Process.ExitCode ?? 0, Signal = _signal, Restarts = restart };
        _workers.ForEach(worker => worker.Process.Dispose());
        return result;
    }

    private async Task End()
    {
        // Those that a signal has reached know it already.
        if (_signal is null)
        {
            options.Messages.WriteLine($"hftrainer: {_failed!.Describe()}.{(_running.Count > 0 ? " The other processes are ended." : "")}");
            guard.Signal("TERM", _running.Select(worker => worker.Process));
        }
        var deadline = DateTime.UtcNow + options.GracePeriod;
        while (_running.Count > 0 && DateTime.UtcNow < deadline)
            await Wait(deadline - DateTime.UtcNow).ConfigureAwait(false);
        if (_running.Count > 0)
        {
            options.Messages.WriteLine(FormattableString.Invariant($"hftrainer: rank {string.Join(", ", _running.Select(worker => worker.Rank))} did not end within {options.GracePeriod.TotalSeconds} seconds and is killed."));
            guard.Signal("KILL", _running.Select(worker => worker.Process));
        }
        while (_running.Count > 0)
            await Wait(Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        guard.Sweep(_workers.Select(worker => worker.Process));
    }

    /// <summary>Waits until a process ends, a signal comes, or some time has passed.</summary>
    private async Task Wait(TimeSpan limit)
    {
        await Task.WhenAny([signals.Next, Task.Delay(limit < TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : limit), .. _running.Select(worker => worker.Ended)]).ConfigureAwait(false);
        if (signals.Next.IsCompleted)
        {
            var signal = signals.Take();
            if (_signal is null && _failed is null)
                options.Messages.WriteLine($"hftrainer: {signal} is passed on to the processes.");
            _signal ??= signal;
            guard.Signal($"{signal}"["SIG".Length..], _running.Select(worker => worker.Process));
        }
        List<Worker> ended = [.. _running.Where(worker => worker.Ended.IsCompleted)];
        foreach (var worker in ended)
        {
            _running.Remove(worker);
            guard.Forget(worker.Process);
        }
        if (_signal is null)
            _failed ??= ended.Where(worker => worker.Failed).MinBy(worker => worker.Process.ExitTime);
    }
}
