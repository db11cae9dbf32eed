using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer;

/// <summary>The folder that a run writes its checkpoints into and goes on from.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    public const string ArgumentsName = "training_args.json";

    private readonly TrainingArguments _args;
    private DirectoryInfo? _temporary;

    public CheckpointFolder(TrainingArguments args)
    {
        _args = args;
        Folder = args.OutputDir is { } output ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)) : null;
    }

    /// <summary>The folder; null where nothing is saved.</summary>
    public string? Folder { get; private set; }

    /// <summary>
    /// Makes the folder, and ends what an earlier run was killed at. Without an output folder, one for the best weights is made where the best weights are wanted
    /// at the end.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Prepare(ILogger logger)
    {
        if (Folder is null && _args.LoadBestModelAtEnd)
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
            throw new IOException($"TrainingArguments.OutputDir '{Folder}' cannot be written: {failure.Message} Give a folder that exists or can be made, and whose parent is a folder.", failure);
        }
    }

    /// <summary>The newest checkpoint that is whole; those passed over are named in the log with the reason.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public string Newest(ILogger logger)
    {
        if (Folder is null)
            throw new DirectoryNotFoundException("There is no checkpoint to go on from: TrainingArguments.OutputDir is null. Set it, or name the checkpoint's folder.");
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
        throw new DirectoryNotFoundException($"There is no whole checkpoint in '{Folder}' to go on from; train from the beginning, or name the folder of a checkpoint (checkpoint-N).");
    }

    /// <summary>Lets a trainer go on from a checkpoint: its model, optimizer, schedule, state and callbacks.</summary>
    /// <param name="trainer">The trainer, with a new optimizer and schedule.</param>
    /// <param name="checkpoint">The folder of the checkpoint.</param>
    /// <param name="plan">The step arithmetic of this run.</param>
    /// <returns>Where the loop stood; null where the checkpoint does not say.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or for another model or other settings.</exception>
    public SavedLoop? Restore(Trainer trainer, string checkpoint, StepPlan plan)
    {
        var found = Checkpoint.Open(checkpoint);
        var (state, loop) = (found.ReadState(), found.ReadLoop());
        if (ModelFiles.Load(trainer, found.Folder).ToString() is { Length: > 0 } report)
            trainer.Logger.Warning($"The weights of the checkpoint '{found.Folder}' and the model differ; {report}.");
        if (!found.RestoreProgress(trainer))
            trainer.Logger.Warning($"The checkpoint '{found.Folder}' holds the model alone: optimizer and schedule begin anew.");
        if (loop is null)
            trainer.Logger.Warning($"The checkpoint '{found.Folder}' does not say where the random numbers stood: dropout goes on with others.");
        SavedCallbacks.WarnOfIntervals(trainer, state);
        trainer.State.CopyFrom(state);
        (trainer.State.MaxSteps, trainer.State.NumTrainEpochs) = (plan.MaxSteps, plan.Epochs);
        if (_args.RestoreCallbackStatesFromCheckpoint)
            SavedCallbacks.Restore(trainer);
        trainer.Logger.Info($"Training goes on from '{found.Folder}', after update {state.GlobalStep:N0} of {plan.MaxSteps:N0}.");
        return loop;
    }

    /// <summary>Writes the checkpoint of the present state and drops those beyond the limit.</summary>
    /// <returns>Whether it was written; it may not be where <see cref="TrainingArguments.ContinueOnSaveFailure"/> is set.</returns>
    /// <exception cref="IOException">It cannot be written, as on a full disk; checkpoints that were there still are.</exception>
    public bool Save(Trainer trainer, SavedLoop loop)
    {
        var (state, target, best) = (trainer.State, PathOf(trainer.State.GlobalStep), trainer.State.BestModelCheckpoint);
        if (state.BestGlobalStep is { } step && (step == state.GlobalStep || Directory.Exists(PathOf(step))))
            state.BestModelCheckpoint = PathOf(step);
        try
        {
            WholeFolder.Write(target, folder => Fill(trainer, loop, folder));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            state.BestModelCheckpoint = best;
            var error = SaveFailure.Explain(trainer, target, failure);
            if (!_args.ContinueOnSaveFailure)
                throw error;
            trainer.Logger.Warning($"{error.Message} Training goes on without it.");
            return false;
        }
        Discard(CheckpointRotation.Beyond(CheckpointRotation.Sorted(Folder!), Limit, target, state.BestModelCheckpoint), trainer.Logger);
        return true;
    }

    /// <summary>Takes the best checkpoint's weights back.</summary>
    public void LoadBest(Trainer trainer)
    {
        if (trainer.State.BestModelCheckpoint is not { } best || !Directory.Exists(best))
            trainer.Logger.Warning("LoadBestModelAtEnd is set, but no checkpoint of the best evaluation was written; the model keeps its last weights.");
        else if (CheckpointVerification.FindDamage(best) is { } damage)
            trainer.Logger.Warning($"LoadBestModelAtEnd is set, but the checkpoint of the best evaluation, '{best}', is damaged: {damage}. The model keeps its last weights.");
        else
            ModelFiles.Load(trainer, best);
    }

    /// <summary>At the end of a run that keeps one checkpoint, that one is the best.</summary>
    public void Finish(TrainerState state, ILogger logger)
    {
        if (Folder is not null && Limit == 1 && state.BestModelCheckpoint is { } best)
            Discard([.. CheckpointRotation.Sorted(Folder).Where(path => path != Path.GetFullPath(best))], logger);
    }

    public void Dispose() => _temporary?.Delete(recursive: true);

    private string PathOf(int step) => Path.Combine(Folder!, CheckpointName.Of(step));

    // A folder made for the best weights holds nothing else.
    private int? Limit => _temporary is null ? _args.SaveTotalLimit : 1;

    private void Fill(Trainer trainer, SavedLoop loop, string folder)
    {
        ModelFiles.Save(trainer, folder);
        SavePoint.Reach("model");
        if (!_args.SaveOnlyModel && _temporary is null)
            Checkpoint.WriteProgress(trainer, loop, folder);
        File.WriteAllBytes(Path.Combine(folder, TrainerState.FileName), trainer.State.ToJson());
        SavePoint.Reach("state");
        File.WriteAllBytes(Path.Combine(folder, ArgumentsName), _args.ToJson());
        SavePoint.Reach("arguments");
    }

    private void Recover(ILogger logger)
    {
        foreach (var done in WholeFolder.Recover(Folder!))
            logger.Warning(done);
    }

    // A checkpoint too many does no harm, so training does not stop for one.
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
