using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>An intact checkpoint.</summary>
internal sealed class Checkpoint
{
    private Checkpoint(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>The path of <c>trainer_state.json</c>.</summary>
    public string StatePath => Path.Combine(Folder, CheckpointFiles.State);

    /// <summary>Opens a checkpoint after verifying all of its files.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or incomplete; the message names the file.</exception>
    public static Checkpoint Open(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no checkpoint '{folder}'; give the folder of one, such as '{Path.Combine(Path.GetDirectoryName(folder) ?? folder, "checkpoint-500")}'.");
        return CheckpointVerification.FindDamage(folder) is { } damage
            ? throw new InvalidDataException($"The checkpoint '{folder}' is damaged or was not written to its end, and is not loaded: {damage}. Name another one, or let the newest whole one be found.")
            : new Checkpoint(folder);
    }

    /// <summary>Restores optimizer, schedule and gradient scaler.</summary>
    /// <param name="optimizer">The new optimizer.</param>
    /// <param name="scheduler">The new schedule.</param>
    /// <param name="restoreScaler">Restores the gradient scaler; null if there is none.</param>
    /// <returns>false if the checkpoint holds the model only.</returns>
    /// <exception cref="InvalidDataException">They are for a different model or different settings.</exception>
    public bool RestoreProgress(Optimizer optimizer, LearningRateScheduler scheduler, Action<JsonObject>? restoreScaler)
    {
        using var progress = SavedProgress.Read(Folder, optimizer);
        if (progress is null)
            return false;
        try
        {
            optimizer.LoadState(progress.Optimizer);
            scheduler.LoadState(progress.Schedule);
            if (progress.Scaler is { } scaler)
                restoreScaler?.Invoke(scaler);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"The checkpoint '{Folder}' does not fit this run: {failure.Message}", failure);
        }
        return true;
    }

    /// <summary>Reads the state of the training loop; returns null if the checkpoint has none.</summary>
    /// <param name="rank">The number of the process.</param>
    public SavedLoop? ReadLoop(int rank) => SavedProgress.ReadLoop(Folder, rank);
}
