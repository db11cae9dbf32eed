namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>Which examples of the joint batches of all processes one process takes: a slice of each.</summary>
/// <param name="Rank">The number of the process.</param>
/// <param name="WorldSize">The number of processes.</param>
internal sealed record BatchShare(int Rank, int WorldSize)
{
    /// <summary>true if a batch size is that of the joint batch, false if that of a process.</summary>
    public bool SplitsBatches { get; init; }

    /// <summary>true if the last joint batch, where it is smaller, is divided evenly; false if the first processes have whole batches of it.</summary>
    public bool DividesLast { get; init; }

    /// <summary>true if the last joint batch is filled up with the first examples; false if processes may have fewer of it. One that would have none takes the first example.</summary>
    public bool IsEven { get; init; } = true;

    /// <summary>The number of examples of a joint batch.</summary>
    public int JointSize(int batchSize) => SplitsBatches ? batchSize / WorldSize * WorldSize : (int)Math.Min((long)batchSize * WorldSize, int.MaxValue / WorldSize * WorldSize);

    /// <summary>Returns the slice of this process.</summary>
    /// <param name="joint">The joint batch.</param>
    /// <param name="first">The first examples, with which it is filled up.</param>
    /// <param name="jointSize">The number of examples of a whole joint batch.</param>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> joint, IReadOnlyList<T> first, int jointSize)
    {
        var size = SliceSize(joint.Count, jointSize);
        var start = Rank * size;
        var end = IsEven ? start + size : Math.Clamp(joint.Count, start + 1, start + size);
        return [.. Enumerable.Range(start, end - start).Select(i => i < joint.Count ? joint[i] : first[(i - joint.Count) % first.Count])];
    }

    /// <summary>Returns how many examples of the slice of this process are not repeated ones.</summary>
    /// <param name="jointCount">The number of examples of the joint batch.</param>
    /// <param name="jointSize">The number of examples of a whole one.</param>
    public int CountOwn(int jointCount, int jointSize) =>
        Math.Clamp(jointCount - Rank * SliceSize(jointCount, jointSize), 0, SliceSize(jointCount, jointSize));

    private int SliceSize(int jointCount, int jointSize) => ((DividesLast ? jointCount : jointSize) + WorldSize - 1) / WorldSize;
}
