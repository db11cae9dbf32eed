namespace Microsoft.ML.HfTrainer.Distributed.DeepSpeed;

/// <summary>The training arguments that a DeepSpeed configuration repeats.</summary>
internal sealed record DeepSpeedArguments
{
    /// <summary>The number of processes.</summary>
    public required int WorldSize { get; init; }

    public required int PerDeviceTrainBatchSize { get; init; }

    public required int GradientAccumulationSteps { get; init; }

    public required double MaxGradNorm { get; init; }

    public required double LearningRate { get; init; }

    public required double WeightDecay { get; init; }

    public required double AdamBeta1 { get; init; }

    public required double AdamBeta2 { get; init; }

    public required double AdamEpsilon { get; init; }

    /// <summary>Whether training or evaluation computes in float16.</summary>
    public required bool Float16 { get; init; }

    /// <summary>Whether training or evaluation computes in bfloat16.</summary>
    public required bool BFloat16 { get; init; }

    /// <summary>Whether the batch size is searched, so that the one of the configuration need not be that of the arguments.</summary>
    public required bool AutoFindBatchSize { get; init; }

    public required bool SaveOnEachNode { get; init; }

    /// <summary>The number of examples of an update.</summary>
    public int TrainBatchSize => WorldSize * PerDeviceTrainBatchSize * GradientAccumulationSteps;
}

/// <summary>What is known of a run when it starts.</summary>
/// <param name="TotalSteps">The number of updates.</param>
/// <param name="WarmupSteps">The number of updates of the warm-up.</param>
/// <param name="Model">The configuration of the model.</param>
/// <param name="Inference">Whether the run evaluates and predicts without having trained.</param>
internal sealed record DeepSpeedRun(int TotalSteps, int WarmupSteps, JsonFields Model, bool Inference = false);
