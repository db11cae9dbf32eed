using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Gives callbacks back what a checkpoint keeps of them.</summary>
internal static class SavedCallbacks
{
    /// <summary>By the name of the class; several of one class in their order.</summary>
    public static void Restore(Trainer trainer)
    {
        var callbacks = trainer.State.StatefulCallbacks.ToLookup(c => c.GetType().Name);
        foreach (var (name, saved) in trainer.State.SavedCallbacks)
        {
            if (!callbacks.Contains(name))
                trainer.Logger.Warning($"The checkpoint keeps the state of a callback {name}, which this run has not.");
            foreach (var (callback, state) in callbacks[name].Zip(saved is JsonArray list ? list.OfType<JsonObject>() : new[] { saved }.OfType<JsonObject>()))
                callback.LoadState(state);
        }
    }

    /// <summary>A run that goes on keeps the intervals of its checkpoint, as in the original; says so where the settings are others.</summary>
    public static void WarnOfIntervals(Trainer trainer, TrainerState saved)
    {
        var (now, args) = (trainer.State, trainer.Args);
        foreach (var (name, asked, kept) in new[]
        {
            (nameof(args.LoggingSteps), now.LoggingSteps, saved.LoggingSteps),
            (nameof(args.EvalSteps), now.EvalSteps, saved.EvalSteps),
            (nameof(args.SaveSteps), now.SaveSteps, saved.SaveSteps),
        })
            if (asked != kept)
                trainer.Logger.Warning($"TrainingArguments.{name} comes to {asked}, but the checkpoint was written with {kept}, which the run goes on with.");
    }
}
