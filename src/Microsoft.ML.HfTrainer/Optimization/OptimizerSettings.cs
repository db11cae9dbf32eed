namespace Microsoft.ML.HfTrainer;

/// <summary>The settings that an optimizer and its parameter groups are created from. The properties are those of <see cref="TrainingArguments"/>.</summary>
public sealed record OptimizerSettings
{
    /// <summary>The registered name of the optimizer. Default: <c>adamw_torch_fused</c>.</summary>
    public string Optim { get; init; } = "adamw_torch_fused";

    /// <summary>Additional settings of the optimizer, as <c>name=value,name=value</c>. Default: null.</summary>
    public string? OptimArgs { get; init; }

    /// <summary>The learning rate before the schedule. Default: 5e-5.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>The weight decay of all parameters except biases and the parameters of normalization layers. Default: 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The decay rate of the first moment in the Adam family of optimizers. Default: 0.9.</summary>
    public double AdamBeta1 { get; init; } = 0.9;

    /// <summary>The decay rate of the second moment in the Adam family of optimizers. Default: 0.999.</summary>
    public double AdamBeta2 { get; init; } = 0.999;

    /// <summary>The term added to the denominator in the Adam family of optimizers. Default: 1e-8.</summary>
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Rules that give some parameters a learning rate and a weight decay of their own. Default: none.</summary>
    public IReadOnlyList<ParameterGroupRule> ParameterGroups { get; init; } = [];
}
