using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Reporting;
using Microsoft.ML.HfTrainer.Training.Callbacks;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Saves the runs of a trainer in checkpoints and restores them.</summary>
internal sealed class RunCheckpoints(TrainingArguments args) : IDisposable
{
    private readonly CheckpointFolder _folder = new(args.ToCheckpointSettings());

    /// <summary>The full path of the folder of checkpoints; null if nothing is saved.</summary>
    public string? Folder => _folder.Folder;

    /// <inheritdoc cref="CheckpointFolder.PathOf"/>
    public string PathOf(int step) => _folder.PathOf(step);

    /// <inheritdoc cref="CheckpointFolder.Prepare"/>
    public void Prepare(ILogger logger) => _folder.Prepare(logger);

    /// <inheritdoc cref="CheckpointFolder.Newest"/>
    public string Newest(ILogger logger) => _folder.Newest(logger);

    /// <summary>Saves the current state and deletes the checkpoints beyond the limit.</summary>
    /// <param name="context">The run.</param>
    /// <param name="loops">The packed state of the training loop of each process.</param>
    /// <returns>false if it could not be written and training continues without it.</returns>
    /// <exception cref="IOException">It cannot be written. Earlier checkpoints are unchanged.</exception>
    public bool Save(RunContext context, IReadOnlyList<byte[]> loops)
    {
        var (state, previousBest, written) = (context.State, context.State.BestModelCheckpoint, false);
        PointToBest(state);
        try
        {
            return written = _folder.Save(state.GlobalStep, ContentOf(context, loops), state.BestModelCheckpoint, context.Logger);
        }
        finally
        {
            if (!written)
                state.BestModelCheckpoint = previousBest;
        }
    }

    /// <summary>Names the checkpoint of the best evaluation in the state, if there is one, or there will be one of this update.</summary>
    public void PointToBest(TrainerState state)
    {
        if (state.BestGlobalStep is { } best && (best == state.GlobalStep || Directory.Exists(_folder.PathOf(best))))
            state.BestModelCheckpoint = _folder.PathOf(best);
    }

    /// <summary>Restores model, optimizer, schedule, state and callbacks from a checkpoint.</summary>
    /// <param name="context">The run, with a new optimizer and schedule.</param>
    /// <param name="checkpoint">The folder of the checkpoint.</param>
    /// <param name="plan">The step arithmetic of the run.</param>
    /// <returns>The folder, the position in the data, and the state of the training loop; null for what the checkpoint does not have.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such checkpoint.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or is for a different model or different arguments.</exception>
    public (string Folder, LoopPosition? Position, SavedLoop? Loop) Restore(RunContext context, string checkpoint, StepPlan plan)
    {
        var (found, logger) = (Checkpoint.Open(checkpoint), context.Logger);
        var (saved, loop) = (ReadState(found), found.ReadLoop(context.Communicator.Rank));
        if (ModelFiles.Load(context.Model, found.Folder).ToString() is { Length: > 0 } report)
            logger.Warning($"The weights of the checkpoint '{found.Folder}' and the model differ; {report}.");
        if (!found.RestoreProgress(context.Optimizer!, context.Scheduler!, context.Precision.Scaler is { } scaler ? scaler.Load : null))
            logger.Warning($"The checkpoint '{found.Folder}' holds the model alone: optimizer and schedule begin anew.");
        if (loop is null)
            logger.Warning($"The checkpoint '{found.Folder}' has no state of the random number generators: dropout uses other numbers than it would have.");
        foreach (var generator in loop is null ? [] : context.Source.Random.MissingIn(loop.Random))
            logger.Warning($"The checkpoint '{found.Folder}' has no state of the generator '{generator}', since it was saved on another kind of device: dropout uses other numbers than it would have.");
        var position = loop?.Position ?? PositionInStream(saved);
        KeepIntervals(context.State, saved, logger);
        context.State.CopyFrom(saved);
        (context.State.MaxSteps, context.State.NumTrainEpochs) = (plan.MaxSteps, plan.Epochs);
        if (args.RestoreCallbackStatesFromCheckpoint)
            SavedCallbacks.Restore(context.State, logger);
        logger.Info(FormattableString.Invariant($"Training resumes from '{found.Folder}', after update {saved.GlobalStep:N0} of {plan.MaxSteps:N0}."));
        return (found.Folder, position, loop);
    }

    /// <summary>Loads the weights of the best checkpoint.</summary>
    public void LoadBest(RunContext context)
    {
        if (context.State.BestModelCheckpoint is not { } best || !Directory.Exists(best))
            context.Logger.Warning("LoadBestModelAtEnd is set, but no checkpoint of the best evaluation was written; the model keeps its last weights.");
        else if (CheckpointVerification.FindDamage(best) is { } damage)
            context.Logger.Warning($"LoadBestModelAtEnd is set, but the checkpoint of the best evaluation, '{best}', is damaged: {damage}. The model keeps its last weights.");
        else
            ModelFiles.Load(context.Model, best);
    }

    /// <summary>Deletes all checkpoints except the best one if only one is to be kept, at the end of a run.</summary>
    public void Finish(RunContext context) => _folder.Finish(context.State.BestModelCheckpoint, context.Logger);

    public void Dispose() => _folder.Dispose();

    /// <summary>Saves model, configuration and tokenizer in a folder.</summary>
    public static void SaveModel(Trainer trainer, string folder) => ModelFiles.Save(trainer.Model, TokenizerOf(trainer), folder);

    private static HfTokenizer? TokenizerOf(Trainer trainer) => trainer.Tokenizer ?? trainer.DataCollator.Tokenizer;

    private CheckpointContent ContentOf(RunContext context, IReadOnlyList<byte[]> loops) => new()
    {
        Model = context.Model,
        Tokenizer = TokenizerOf(context.Trainer),
        State = context.State.ToJson(),
        Arguments = args.ToJson(),
        Resume = args.SaveOnlyModel ? null : new ResumeContent(context.Optimizer!, context.Scheduler!, context.Precision.Scaler?.State(), loops),
    };

    /// <summary>Reads the state of a run from a checkpoint.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static TrainerState ReadState(Checkpoint checkpoint)
    {
        var state = TrainerState.FromJson(File.ReadAllBytes(checkpoint.StatePath), checkpoint.StatePath);
        // The folder of checkpoints may have been moved since.
        if (state.BestModelCheckpoint is { } best && !Directory.Exists(best) && Path.Combine(Path.GetDirectoryName(checkpoint.Folder)!, FilePaths.NameOf(best)) is var moved && Directory.Exists(moved))
            state.BestModelCheckpoint = moved;
        return state;
    }

    // Hugging Face's state has the epoch alone: for a stream, the number of passes and the fraction of all updates that were made in the current one.
    private static LoopPosition? PositionInStream(TrainerState saved) =>
        double.IsFinite(saved.Epoch) && saved.Epoch is >= 0 and < int.MaxValue && Math.Floor(saved.Epoch) is var passes && saved.MaxSteps > 0
            ? new LoopPosition((int)passes, (int)Math.Round((saved.Epoch - passes) * saved.MaxSteps), UpdatesPerEpoch: 0)
            : null;

    // As in the Hugging Face Trainer, a resumed run keeps the intervals of its checkpoint, but those that are given to it count.
    private void KeepIntervals(TrainerState now, TrainerState saved, ILogger logger)
    {
        var defaults = new TrainingArguments();
        saved.LoggingSteps = Kept(nameof(TrainingArguments.LoggingSteps), args.LoggingSteps != defaults.LoggingSteps, now.LoggingSteps, saved.LoggingSteps);
        saved.EvalSteps = Kept(nameof(TrainingArguments.EvalSteps), args.EvalInterval != defaults.EvalInterval, now.EvalSteps, saved.EvalSteps);
        saved.SaveSteps = Kept(nameof(TrainingArguments.SaveSteps), args.SaveSteps != defaults.SaveSteps, now.SaveSteps, saved.SaveSteps);

        // A checkpoint of a run that did not use an interval may have 0.
        int Kept(string name, bool given, int asked, int former)
        {
            if (given || former <= 0 || asked == former)
                return asked;
            logger.Warning($"TrainingArguments.{name} is not set; the resumed run uses {former}, with which the checkpoint was written.");
            return former;
        }
    }
}
