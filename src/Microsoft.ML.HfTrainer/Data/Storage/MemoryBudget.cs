namespace Microsoft.ML.HfTrainer.Data.Storage;

/// <summary>The memory that stored data may take before the rest is stored on disk. Several stores may share a budget.</summary>
/// <param name="bytes">The budget in bytes.</param>
internal sealed class MemoryBudget(long bytes)
{
    private long _left = bytes >= 0 ? bytes : throw new ArgumentOutOfRangeException("memoryBudget", bytes, $"The memory budget is {bytes} bytes; it should be at least 0.");

    /// <summary>Gets the total budget in bytes.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Reserves bytes and returns true, or returns false if not enough are left.</summary>
    public bool TryTake(long amount)
    {
        if (_left < amount)
            return false;
        _left -= amount;
        return true;
    }
}
