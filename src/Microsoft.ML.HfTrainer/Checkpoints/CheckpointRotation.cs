using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Decides which checkpoints are deleted if there are more than the settings keep.</summary>
internal static class CheckpointRotation
{
    // As in the Hugging Face Trainer: file systems that do not keep times give all files about the same one.
    private static readonly TimeSpan _smallestSpread = TimeSpan.FromSeconds(1);

    /// <summary>Returns the checkpoints of a folder, the oldest first: by time, or by number if all have about the same time. There are none if there is no such folder.</summary>
    public static IReadOnlyList<string> Sorted(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var byNumber = Directory.EnumerateDirectories(folder, "checkpoint-*").Where(path => CheckpointName.StepOf(path) is not null).OrderBy(CheckpointName.StepOf).ToList();
        var times = byNumber.ConvertAll(Directory.GetLastWriteTimeUtc);
        return times.Count == 0 || times.Max() - times.Min() < _smallestSpread ? byNumber : [.. byNumber.Zip(times).OrderBy(c => c.Second).Select(c => c.First)];
    }

    /// <summary>Returns the checkpoints to delete: the oldest ones, but neither the newest nor the best.</summary>
    /// <param name="sorted">The checkpoints, the oldest first.</param>
    /// <param name="limit">The number of checkpoints to keep; null to keep all.</param>
    /// <param name="newest">The newest checkpoint.</param>
    /// <param name="best">The best checkpoint, with a full or a relative path; null if there is none.</param>
    public static IReadOnlyList<string> Beyond(IReadOnlyList<string> sorted, int? limit, string newest, string? best)
    {
        if (limit is not > 0)
            return [];
        var kept = new[] { newest, best }.OfType<string>().Select(FullPath).ToHashSet(FilePaths.Comparer);
        return [.. sorted.Where(path => !kept.Contains(FullPath(path))).Take(sorted.Count - Math.Max(limit.Value, kept.Count))];
    }

    private static string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
