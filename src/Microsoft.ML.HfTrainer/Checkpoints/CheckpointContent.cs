using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The content of a checkpoint that is to be written.</summary>
internal sealed record CheckpointContent
{
    /// <summary>The model, which is written with its configuration.</summary>
    public required nn.Module Model { get; init; }

    /// <summary>The tokenizer; null if there is none.</summary>
    public HfTokenizer? Tokenizer { get; init; }

    /// <summary>The content of <c>trainer_state.json</c>.</summary>
    public required byte[] State { get; init; }

    /// <summary>The content of <c>training_args.json</c>.</summary>
    public required byte[] Arguments { get; init; }

    /// <summary>What a run needs to resume; null to write the model only.</summary>
    public ResumeContent? Resume { get; init; }
}

/// <summary>The content of a checkpoint that only a resumed run needs.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Scheduler">The learning-rate schedule.</param>
/// <param name="Scaler">The state of the gradient scaler; null if there is none.</param>
/// <param name="Loops">The packed state of the training loop of each process.</param>
internal sealed record ResumeContent(Optimizer Optimizer, LearningRateScheduler Scheduler, JsonObject? Scaler, IReadOnlyList<byte[]> Loops);
