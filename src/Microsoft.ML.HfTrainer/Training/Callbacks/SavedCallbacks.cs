using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>Restores the states of callbacks from a checkpoint.</summary>
internal static class SavedCallbacks
{
    /// <summary>Restores the callbacks of a run by the names of their classes; several of one class are matched in their order.</summary>
    public static void Restore(TrainerState state, ILogger logger)
    {
        var callbacks = state.StatefulCallbacks.ToLookup(c => c.GetType().Name);
        foreach (var (name, saved) in state.SavedCallbacks)
        {
            if (!callbacks.Contains(name))
                logger.Warning($"The checkpoint contains the state of a callback {name}, which this run does not have.");
            foreach (var (callback, saves) in callbacks[name].Zip(saved is JsonArray list ? list.OfType<JsonObject>() : new[] { saved }.OfType<JsonObject>()))
                callback.LoadState(saves);
        }
    }
}
