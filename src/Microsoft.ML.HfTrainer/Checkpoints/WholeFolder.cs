using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>
/// Writes, replaces and deletes folders so that whoever looks at a checkpoint's name, after a kill at whatever moment, finds a whole checkpoint or none, and so
/// that one that was there is not lost.
/// </summary>
internal static class WholeFolder
{
    /// <summary>Writes a checkpoint beside its place, flushes it to disk and puts it there.</summary>
    /// <param name="target">Its place.</param>
    /// <param name="fill">Writes its files into the folder it is given.</param>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    public static void Write(string target, Action<string> fill)
    {
        var unfinished = CheckpointName.Beside(target, CheckpointName.Unfinished);
        Delete(unfinished);
        try
        {
            Directory.CreateDirectory(unfinished);
            SavePoint.Reach("begun");
            fill(unfinished);
            CheckpointManifest.Write(unfinished);
            FileSync.Folder(unfinished);
            SavePoint.Reach("flushed");
            PutInPlace(unfinished, target);
        }
        catch
        {
            DeleteIfPossible(unfinished);
            throw;
        }
    }

    /// <summary>Takes a checkpoint away: by its name at once, then file by file.</summary>
    public static void Discard(string checkpoint)
    {
        var discarded = CheckpointName.Beside(checkpoint, CheckpointName.Discarded);
        Delete(discarded);
        Directory.Move(checkpoint, discarded);
        SavePoint.Reach("discarding");
        Delete(discarded);
    }

    /// <summary>Brings what a kill interrupted to an end, in a folder of checkpoints.</summary>
    /// <returns>What was done, in words.</returns>
    public static IReadOnlyList<string> Recover(string folder) => [.. CheckpointName.Interrupted(folder).Select(RecoverOne)];

    private static string RecoverOne(string target)
    {
        var (unfinished, replaced) = (CheckpointName.Beside(target, CheckpointName.Unfinished), CheckpointName.Beside(target, CheckpointName.Replaced));
        var done = "what was left of writing or deleting it is removed";
        if (!Directory.Exists(target) && CheckpointManifest.IsThere(unfinished) && CheckpointManifest.FindDamage(unfinished) is null)
        {
            Move(unfinished, target);
            done = "it was whole but for its name, which it has now";
        }
        else if (!Directory.Exists(target) && Directory.Exists(replaced))
        {
            Move(replaced, target);
            done = "the one that was to be replaced is back in its place";
        }
        foreach (var state in new[] { CheckpointName.Unfinished, CheckpointName.Replaced, CheckpointName.Discarded })
            Delete(CheckpointName.Beside(target, state));
        return $"An earlier run was interrupted at '{target}': {done}.";
    }

    private static void PutInPlace(string unfinished, string target)
    {
        var replaced = CheckpointName.Beside(target, CheckpointName.Replaced);
        Delete(replaced);
        if (Directory.Exists(target))
        {
            Move(target, replaced);
            SavePoint.Reach("moved aside");
        }
        try
        {
            Move(unfinished, target);
        }
        catch (IOException) when (Directory.Exists(replaced) && !Directory.Exists(target))
        {
            Move(replaced, target);
            throw;
        }
        SavePoint.Reach("in place");
        Delete(replaced);
    }

    private static void Move(string from, string to)
    {
        Directory.Move(from, to);
        FileSync.Folder(Path.GetDirectoryName(to)!);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static void DeleteIfPossible(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to tell; the next run removes the rest.
        }
    }
}
