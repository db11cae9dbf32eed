using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Checkpoints;

namespace Microsoft.ML.HfTrainer.Training.Search;

/// <summary>A complete trial whose checkpoints hold the weights that it ended with.</summary>
/// <param name="Weights">The checkpoint with these weights.</param>
/// <param name="State">The state of the last checkpoint.</param>
internal sealed record SavedTrial(string Weights, TrainerState State)
{
    /// <summary>Finds the weights of a complete trial; returns null if it must be trained again.</summary>
    /// <param name="args">The arguments of the trial.</param>
    /// <param name="logger">Receives a warning for each damaged checkpoint.</param>
    /// <param name="lack">What is missing; empty if nothing is.</param>
    public static SavedTrial? Find(TrainingArguments args, ILogger logger, out string lack)
    {
        try
        {
            using var folder = new CheckpointFolder(args.ToCheckpointSettings());
            var last = Checkpoint.Open(folder.Newest(logger));
            var state = RunCheckpoints.ReadState(last);
            var best = args.LoadBestModelAtEnd && Directory.Exists(state.BestModelCheckpoint) ? state.BestModelCheckpoint : null;
            lack = best is null && !IsEnd(state) ? FormattableString.Invariant($"its last checkpoint, '{last.Folder}', is of update {state.GlobalStep:N0} of {state.MaxSteps:N0}") : "";
            return lack.Length > 0 ? null : new SavedTrial(best is null ? last.Folder : Checkpoint.Open(best).Folder, state);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            lack = failure.Message.TrimEnd('.');
            return null;
        }
    }

    // The last update of all, or one after which a callback ended the run.
    private static bool IsEnd(TrainerState state) =>
        state.GlobalStep >= state.MaxSteps
        || state.SavedCallbacks[nameof(TrainerControl)] is JsonObject control && control["args"]?["should_training_stop"] is JsonValue stop && stop.TryGetValue(out bool stopped) && stopped;
}
