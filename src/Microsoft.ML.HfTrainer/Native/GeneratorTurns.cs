namespace Microsoft.ML.HfTrainer.Native;

/// <summary>The turns of threads at the process's random number generators, in the order in which they asked. A thread may take a turn within its own.</summary>
internal static class GeneratorTurns
{
    private static readonly object _lock = new();
    private static readonly LinkedList<Thread> _waiting = [];
    private static Thread? _current;
    private static int _depth;

    /// <summary>Waits for a turn, which ends when the result is disposed on the same thread.</summary>
    public static Turn Begin()
    {
        lock (_lock)
        {
            if (_current != Thread.CurrentThread)
                Wait();
            _depth++;
        }
        return new Turn(true);
    }

    internal static void End()
    {
        lock (_lock)
            if (--_depth == 0)
            {
                _current = null;
                Monitor.PulseAll(_lock);
            }
    }

    private static void Wait()
    {
        var place = _waiting.AddLast(Thread.CurrentThread);
        try
        {
            while (_current is not null || _waiting.First != place)
                Monitor.Wait(_lock);
            _current = Thread.CurrentThread;
        }
        finally
        {
            _waiting.Remove(place);
            // The thread was interrupted: the next one may be waiting for it to leave the line.
            if (_current is null)
                Monitor.PulseAll(_lock);
        }
    }
}

/// <summary>A turn at the random number generators, until it is disposed.</summary>
internal readonly struct Turn(bool taken) : IDisposable
{
    public void Dispose()
    {
        if (taken)
            GeneratorTurns.End();
    }
}
