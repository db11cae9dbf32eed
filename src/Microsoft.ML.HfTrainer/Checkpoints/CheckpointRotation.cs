namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Which checkpoints go when there are more than the settings keep.</summary>
internal static class CheckpointRotation
{
    // As in the original: file systems that do not keep times give all files about the same.
    private static readonly TimeSpan _smallestSpread = TimeSpan.FromSeconds(1);

    /// <summary>The checkpoints of a folder, the oldest first: by time, or by number where times say nothing.</summary>
    public static IReadOnlyList<string> Sorted(string folder)
    {
        var byNumber = Directory.EnumerateDirectories(folder, "checkpoint-*").Where(path => CheckpointName.StepOf(path) is not null).OrderBy(CheckpointName.StepOf).ToList();
        var times = byNumber.ConvertAll(Directory.GetLastWriteTimeUtc);
        return times.Count == 0 || times.Max() - times.Min() < _smallestSpread ? byNumber : [.. byNumber.Zip(times).OrderBy(c => c.Second).Select(c => c.First)];
    }

    /// <summary>Those that go: the oldest, but neither the newest nor the best.</summary>
    /// <param name="sorted">The checkpoints, the oldest first.</param>
    /// <param name="limit">How many are kept; null: all.</param>
    /// <param name="newest">The one just written.</param>
    /// <param name="best">The best one; null: there is none.</param>
    public static IReadOnlyList<string> Beyond(IReadOnlyList<string> sorted, int? limit, string newest, string? best)
    {
        if (limit is not > 0)
            return [];
        string?[] kept = [newest, best];
        return [.. sorted.Where(path => !kept.Contains(path)).Take(sorted.Count - Math.Max(limit.Value, kept.OfType<string>().Distinct().Count()))];
    }
}
