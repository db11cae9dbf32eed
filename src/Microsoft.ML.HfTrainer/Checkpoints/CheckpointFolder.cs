using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The folder that a run writes its checkpoints to and resumes from.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly CheckpointSettings _settings;
    private DirectoryInfo? _temporary;

    public CheckpointFolder(CheckpointSettings settings)
    {
        _settings = settings;
        Folder = settings.OutputDir is { } output ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)) : null;
    }

    /// <summary>The full path of the folder; null if nothing is saved.</summary>
    public string? Folder { get; private set; }

    /// <summary>
    /// Creates the folder and completes what an interrupted run left behind. Without an output folder, a temporary one is created if the best weights are needed at the
    /// end.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be written, and <see cref="CheckpointSettings.ContinueOnSaveFailure"/> is not set.</exception>
    public void Prepare(ILogger logger)
    {
        if (Folder is null && _settings.LoadBestModelAtEnd)
            Folder = (_temporary = Directory.CreateTempSubdirectory("hftrainer-best-")).FullName;
        if (Folder is null)
            return;
        try
        {
            Directory.CreateDirectory(Folder);
            var probe = Path.Combine(Folder, $".{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            Recover(logger);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var error = new IOException($"TrainingArguments.OutputDir '{Folder}' cannot be written: {failure.Message} Give a folder that exists or can be made, and whose parent is a folder.", failure);
            if (!_settings.ContinueOnSaveFailure)
                throw error;
            logger.Warning($"{error.Message} Training goes on without checkpoints unless that is mended.");
        }
    }

    /// <summary>Returns the newest intact checkpoint. A warning names each damaged one that is newer, with the reason.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public string Newest(ILogger logger)
    {
        if (Folder is null)
            throw new DirectoryNotFoundException("There is no checkpoint to resume from: TrainingArguments.OutputDir is null. Set it, or name the folder of the checkpoint.");
        if (Directory.Exists(Folder))
        {
            Recover(logger);
            foreach (var checkpoint in Directory.EnumerateDirectories(Folder, "checkpoint-*").Where(path => CheckpointName.StepOf(path) is not null).OrderByDescending(CheckpointName.StepOf))
            {
                if (CheckpointVerification.FindDamage(checkpoint) is not { } damage)
                    return checkpoint;
                logger.Warning($"The checkpoint '{checkpoint}' is passed over, since it is damaged or was not written to its end: {damage}.");
            }
        }
        throw new DirectoryNotFoundException($"There is no whole checkpoint in '{Folder}' to resume from; train from the beginning, or name the folder of a checkpoint (checkpoint-N).");
    }

    /// <summary>Returns the path of the checkpoint of an update.</summary>
    public string PathOf(int step) => Path.Combine(Folder!, CheckpointName.Of(step));

    /// <summary>Writes the checkpoint of an update and deletes those beyond the limit.</summary>
    /// <param name="step">The number of updates made so far.</param>
    /// <param name="content">The content of the checkpoint.</param>
    /// <param name="best">The best checkpoint, which is not deleted; null if there is none.</param>
    /// <param name="logger">Receives a warning for what could not be written or deleted.</param>
    /// <returns>false if it could not be written and <see cref="CheckpointSettings.ContinueOnSaveFailure"/> is set.</returns>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full. Earlier checkpoints are unchanged.</exception>
    public bool Save(int step, CheckpointContent content, string? best, ILogger logger)
    {
        var target = PathOf(step);
        try
        {
            WholeFolder.Write(target, folder => Fill(content, folder));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var error = SaveFailure.Explain(content, target, failure);
            if (!_settings.ContinueOnSaveFailure)
                throw error;
            logger.Warning($"{error.Message} Training goes on without it.");
            return false;
        }
        Discard(CheckpointRotation.Beyond(CheckpointRotation.Sorted(Folder!), Limit, target, best), logger);
        return true;
    }

    /// <summary>Deletes all checkpoints except the best one if only one is to be kept, at the end of a run.</summary>
    /// <param name="best">The best checkpoint; null if there is none.</param>
    /// <param name="logger">Receives a warning for what could not be deleted.</param>
    public void Finish(string? best, ILogger logger)
    {
        if (Folder is not null && Limit == 1 && best is not null)
            Discard(CheckpointRotation.Beyond(CheckpointRotation.Sorted(Folder), limit: 1, newest: best, best), logger);
    }

    public void Dispose()
    {
        _temporary?.Refresh();
        if (_temporary is { Exists: true })
            _temporary.Delete(recursive: true);
    }

    // A temporary folder holds nothing but the best weights.
    private int? Limit => _temporary is null ? _settings.SaveTotalLimit : 1;

    private void Fill(CheckpointContent content, string folder)
    {
        ModelFiles.Save(content.Model, content.Tokenizer, folder);
        SavePoint.Reach("model");
        if (content.Resume is { } resume && _temporary is null)
            SavedProgress.Write(resume, folder);
        File.WriteAllBytes(Path.Combine(folder, CheckpointFiles.State), content.State);
        SavePoint.Reach("state");
        File.WriteAllBytes(Path.Combine(folder, CheckpointFiles.Arguments), content.Arguments);
        SavePoint.Reach("arguments");
    }

    private void Recover(ILogger logger)
    {
        foreach (var done in WholeFolder.Recover(Folder!))
            logger.Warning(done);
    }

    // One checkpoint too many does no harm: training does not stop for it.
    private static void Discard(IReadOnlyList<string> checkpoints, ILogger logger)
    {
        foreach (var checkpoint in checkpoints)
        {
            try
            {
                WholeFolder.Discard(checkpoint);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                logger.Warning($"The checkpoint '{checkpoint}', one more than SaveTotalLimit, cannot be deleted: {failure.Message}");
            }
        }
    }
}
