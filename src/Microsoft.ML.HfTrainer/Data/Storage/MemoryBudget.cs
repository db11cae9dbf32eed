namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>How much memory stored data may take before the rest goes to disk; several stores may share it.</summary>
/// <param name="bytes">The bytes there are.</param>
internal sealed class MemoryBudget(long bytes)
{
    private long _left = bytes;

    /// <summary>The bytes there were at the beginning.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Takes so many bytes, if there are as many left.</summary>
    public bool TryTake(long amount)
    {
        if (_left < amount)
            return false;
        _left -= amount;
        return true;
    }
}
