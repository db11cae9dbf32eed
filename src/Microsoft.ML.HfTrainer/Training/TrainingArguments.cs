using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Options of a training run, with the names and defaults of the Hugging Face <c>TrainingArguments</c>: the property <c>LearningRate</c> is
/// <c>learning_rate</c> in JSON and <c>--learning_rate</c> on a command line.
/// </summary>
/// <remarks>
/// An update is one step of the optimizer over <see cref="GradientAccumulationSteps"/> micro-batches of <see cref="PerDeviceTrainBatchSize"/> examples.
/// <see cref="EvalSteps"/>, <see cref="MetricForBestModel"/>, <see cref="GreaterIsBetter"/> and <see cref="DoEval"/> return a value derived from other
/// options until they are set.
/// </remarks>
public sealed partial class TrainingArguments
{
    /// <summary>The seed that is used if none is specified.</summary>
    public const int DefaultSeed = 42;

    /// <summary>Creates arguments with the default values. Nothing is written to disk unless <see cref="OutputDir"/> is set.</summary>
    public TrainingArguments()
    {
    }

    /// <summary>Creates arguments with the default values and an output directory.</summary>
    /// <param name="outputDir">The directory for checkpoints and logs.</param>
    public TrainingArguments(string outputDir) => OutputDir = outputDir;

    /// <summary>
    /// Directory for checkpoints and logs; a leading <c>~</c> stands for the user's home directory. If null, nothing is written to disk. Default: null.
    /// </summary>
    public string? OutputDir
    {
        get;
        set => field = value is null ? null : FilePaths.FromHome(value);
    }

    /// <summary>Number of examples per training micro-batch. Default: 8.</summary>
    public int PerDeviceTrainBatchSize { get; set; } = 8;

    /// <summary>Number of training epochs; may be fractional. Default: 3.</summary>
    public double NumTrainEpochs { get; set; } = 3;

    /// <summary>Number of updates to train for. If positive, it overrides <see cref="NumTrainEpochs"/>. Default: -1.</summary>
    public int MaxSteps { get; set; } = -1;

    /// <summary>Peak learning rate. Default: 5e-5.</summary>
    public double LearningRate { get; set; } = 5e-5;

    /// <summary>Name of the learning-rate schedule; <see cref="LearningRateSchedules"/> lists them. Default: "linear".</summary>
    public string LrSchedulerType { get; set; } = "linear";

    /// <summary>Additional parameters of the schedule under their Hugging Face names, such as <c>num_cycles</c>. Default: null.</summary>
    public KeywordArguments? LrSchedulerKwargs { get; set; }

    /// <summary>Number of warm-up updates, over which the learning rate rises from 0 to its peak. A value below 1 is a fraction of all updates. Default: 0.</summary>
    public double WarmupSteps { get; set; }

    /// <summary>Name of the optimizer; <see cref="Optimizers"/> lists them. Default: "adamw_torch_fused".</summary>
    public string Optim { get; set; } = "adamw_torch_fused";

    /// <summary>Additional parameters of the optimizer, in the form <c>name=value,name=value</c>. Default: null.</summary>
    public string? OptimArgs { get; set; }

    /// <summary>
    /// Learning rates and weight decays for parameters whose names match a pattern; the first matching rule applies. These parameter groups follow all others in
    /// the optimizer, and the schedule multiplies all learning rates by the same factor. Default: empty.
    /// </summary>
    public IReadOnlyList<ParameterGroupRule> ParameterGroups { get; set; } = [];

    /// <summary>Weight decay, applied to all parameters except biases and the weights of normalization layers. Default: 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Decay rate of the first moment (beta1) of Adam-type optimizers. Default: 0.9.</summary>
    public double AdamBeta1 { get; set; } = 0.9;

    /// <summary>Decay rate of the second moment (beta2) of Adam-type optimizers. Default: 0.999.</summary>
    public double AdamBeta2 { get; set; } = 0.999;

    /// <summary>Term that Adam-type optimizers add to the denominator for numerical stability (epsilon). Default: 1e-8.</summary>
    public double AdamEpsilon { get; set; } = 1e-8;

    /// <summary>
    /// Modules that low-rank optimizers are applied to. Default: null. Other values are not supported: GaLore and APOLLO, the optimizers that use them, are not
    /// implemented.
    /// </summary>
    [Refused("GaLore and APOLLO, the optimizers that use them, are not implemented")]
    public IReadOnlyList<string>? OptimTargetModules { get; set; }

    /// <summary>Number of micro-batches whose gradients are accumulated for each update. Default: 1.</summary>
    public int GradientAccumulationSteps { get; set; } = 1;

    /// <summary>Indicates whether the loss is averaged over the labels of all processes, as Hugging Face does it (<see cref="LossNormalization.Original"/>); the mean of <see cref="LossNormalization.Update"/> always is. Default: true.</summary>
    public bool AverageTokensAcrossDevices { get; set; } = true;

    /// <summary>Maximum norm of the gradients, which are clipped to it; 0 turns clipping off. Default: 1.</summary>
    [NullMeans(0.0)]
    public double MaxGradNorm { get; set; } = 1.0;

    /// <summary>Label smoothing factor from 0 to 1: the share of the target probability that is spread evenly over all classes. Default: 0.</summary>
    public double LabelSmoothingFactor { get; set; }

    /// <summary>Specifies which labels the loss of an update is averaged over. Default: <see cref="LossNormalization.Update"/>.</summary>
    public LossNormalization LossNormalization { get; set; }

    /// <summary>Tells a script that reads the arguments to train; <see cref="Trainer"/> itself ignores it. Default: false.</summary>
    public bool DoTrain { get; set; }

    /// <summary>
    /// Tells a script that reads the arguments to evaluate; <see cref="Trainer"/> itself ignores it. Always true if <see cref="EvalStrategy"/> is not
    /// <see cref="IntervalStrategy.No"/>. Default: false.
    /// </summary>
    public bool DoEval
    {
        get => field || EvalStrategy != IntervalStrategy.No;
        set;
    }

    /// <summary>Tells a script that reads the arguments to predict; <see cref="Trainer"/> itself ignores it. Default: false.</summary>
    public bool DoPredict { get; set; }

    /// <summary>Token that stops training after the current update with an <see cref="OperationCanceledException"/>.</summary>
    [NotAnArgument]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Returns the number of warm-up updates in a run of <paramref name="totalSteps"/> updates.</summary>
    internal int ResolveWarmupSteps(int totalSteps) => WarmupSteps < 1 ? (int)Math.Ceiling(totalSteps * WarmupSteps) : (int)WarmupSteps;

    /// <summary>Returns an independent copy.</summary>
    public TrainingArguments Clone()
    {
        var copy = (TrainingArguments)MemberwiseClone();
        foreach (var field in ArgumentField.All)
        {
            if (field.Get(this) is KeywordArguments keywords)
                field.Set(copy, new KeywordArguments(keywords));
            else if (field.Get(this) is GenerationConfig config)
                field.Set(copy, config.Clone());
        }
        copy._warnings = [.. _warnings];
        return copy;
    }
}
