namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>Counts the running uses of a model, so that it is not freed under them.</summary>
/// <param name="owner">The object that a later use finds disposed.</param>
internal sealed class ModelLease(object owner)
{
    private readonly object _lock = new();
    private int _uses;
    private bool _ended;

    /// <summary>Begins a use of the model, which ends when the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The model was freed.</exception>
    public Use Begin()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended, owner);
            _uses++;
        }
        return new Use(this);
    }

    /// <exception cref="ObjectDisposedException">The model was freed.</exception>
    public void ThrowIfEnded() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _ended), owner);

    /// <summary>Refuses further uses and waits for those that are running.</summary>
    /// <returns>true for the first caller, which frees the model.</returns>
    public bool End()
    {
        lock (_lock)
        {
            var isFirst = !_ended;
            _ended = true;
            while (_uses > 0)
                Monitor.Wait(_lock);
            return isFirst;
        }
    }

    private void Leave()
    {
        lock (_lock)
            if (--_uses == 0)
                Monitor.PulseAll(_lock);
    }

    internal readonly struct Use(ModelLease lease) : IDisposable
    {
        public void Dispose() => lease.Leave();
    }
}
