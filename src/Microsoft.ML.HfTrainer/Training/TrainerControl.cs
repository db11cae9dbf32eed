using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer;

/// <summary>What callbacks ask of the loop. Each flag is taken back once it was followed.</summary>
public sealed class TrainerControl : IStatefulCallback
{
    /// <summary>Training stops after the running update.</summary>
    public bool ShouldTrainingStop { get; set; }

    /// <summary>The epoch stops after the running update.</summary>
    public bool ShouldEpochStop { get; set; }

    /// <summary>A checkpoint is written.</summary>
    public bool ShouldSave { get; set; }

    /// <summary>The evaluation set is evaluated.</summary>
    public bool ShouldEvaluate { get; set; }

    /// <summary>Loss, gradient norm and learning rate are logged.</summary>
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

    // The flags of a checkpoint were followed, or are taken back before they could be.
    void IStatefulCallback.LoadState(JsonObject state)
    {
    }

    internal void BeginStep() => ShouldSave = ShouldEvaluate = ShouldLog = false;
}
