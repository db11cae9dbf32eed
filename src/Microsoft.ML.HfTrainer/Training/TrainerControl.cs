using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Distributed;

namespace Microsoft.ML.HfTrainer;

/// <summary>The flags by which callbacks steer the training loop. Each is reset once the loop has acted on it.</summary>
public sealed class TrainerControl : IStatefulCallback
{
    /// <summary>true to stop training after the current update.</summary>
    public bool ShouldTrainingStop { get; set; }

    /// <summary>true to end the epoch after the current update.</summary>
    public bool ShouldEpochStop { get; set; }

    /// <summary>true to save a checkpoint.</summary>
    public bool ShouldSave { get; set; }

    /// <summary>true to evaluate the evaluation set.</summary>
    public bool ShouldEvaluate { get; set; }

    /// <summary>true to log loss, gradient norm and learning rate.</summary>
    public bool ShouldLog { get; set; }

    JsonObject IStatefulCallback.ExportState() => new()
    {
        ["args"] = new JsonObject
        {
            ["should_epoch_stop"] = ShouldEpochStop,
            ["should_evaluate"] = ShouldEvaluate,
            ["should_log"] = ShouldLog,
            ["should_save"] = ShouldSave,
            ["should_training_stop"] = ShouldTrainingStop,
        },
        ["attributes"] = new JsonObject(),
    };

    // The flags in a checkpoint were acted on already, or are reset before they could be.
    void IStatefulCallback.LoadState(JsonObject state)
    {
    }

    internal void BeginStep() => ShouldSave = ShouldEvaluate = ShouldLog = false;

    /// <summary>Sets every flag that is set on any process.</summary>
    internal void Agree(ICommunicator communicator)
    {
        ShouldTrainingStop = communicator.Any(ShouldTrainingStop);
        ShouldEpochStop = communicator.Any(ShouldEpochStop);
        ShouldSave = communicator.Any(ShouldSave);
        ShouldEvaluate = communicator.Any(ShouldEvaluate);
        ShouldLog = communicator.Any(ShouldLog);
    }
}
