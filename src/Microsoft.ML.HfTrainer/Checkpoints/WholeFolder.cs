using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>
/// Writes, replaces and deletes checkpoints atomically: if the process is killed at any moment, a checkpoint is either complete under its name or absent, and an earlier one
/// of the same name is not lost.
/// </summary>
internal static class WholeFolder
{
    /// <summary>Writes a checkpoint under a temporary name, flushes it to disk and renames it.</summary>
    /// <param name="target">The folder of the checkpoint.</param>
    /// <param name="fill">Writes the files into the folder that it is given.</param>
    /// <exception cref="IOException">The checkpoint cannot be written. An earlier one of the same name is unchanged.</exception>
    public static void Write(string target, Action<string> fill)
    {
        var unfinished = CheckpointName.Beside(target, CheckpointName.Unfinished);
        FileMoves.DeleteFolder(unfinished);
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

    /// <summary>Deletes a checkpoint: renames it first, then deletes its files.</summary>
    public static void Discard(string checkpoint)
    {
        var discarded = CheckpointName.Beside(checkpoint, CheckpointName.Discarded);
        FileMoves.DeleteFolder(discarded);
        FileMoves.Folder(checkpoint, discarded);
        SavePoint.Reach("discarding");
        FileMoves.DeleteFolder(discarded);
    }

    /// <summary>Completes or undoes the operations that a kill interrupted in a folder of checkpoints.</summary>
    /// <returns>A description of each.</returns>
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
            FileMoves.DeleteFolder(CheckpointName.Beside(target, state));
        return $"An earlier run was interrupted at '{target}': {done}.";
    }

    private static void PutInPlace(string unfinished, string target)
    {
        var replaced = CheckpointName.Beside(target, CheckpointName.Replaced);
        FileMoves.DeleteFolder(replaced);
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
        FileMoves.DeleteFolder(replaced);
    }

    private static void Move(string from, string to)
    {
        FileMoves.Folder(from, to);
        FileSync.Folder(Path.GetDirectoryName(to)!);
    }

    private static void DeleteIfPossible(string folder)
    {
        try
        {
            FileMoves.DeleteFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The original failure is reported; the next run removes the rest.
        }
    }
}
