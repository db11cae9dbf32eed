using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The settings of a training run, with the names and defaults of the original: <c>LearningRate</c> is <c>learning_rate</c> in JSON and
/// <c>--learning_rate</c> on a command line.
/// </summary>
/// <remarks>
/// Where a setting follows from others, reading it gives what follows until it is set itself: <see cref="EvalSteps"/>,
/// <see cref="MetricForBestModel"/>, <see cref="GreaterIsBetter"/>, <see cref="DoEval"/>.
/// </remarks>
public sealed partial class TrainingArguments
{
    /// <summary>The seed where none is set.</summary>
    public const int DefaultSeed = 42;

    /// <summary>Settings that write nothing to disk.</summary>
    public TrainingArguments()
    {
    }

    /// <summary>Settings with a folder for checkpoints.</summary>
    public TrainingArguments(string outputDir) => OutputDir = outputDir;

    /// <summary>The folder of checkpoints, in which <c>~</c> is the home folder; null: nothing is written.</summary>
    public string? OutputDir
    {
        get;
        set => field = value is "~" || value?.StartsWith("~/", StringComparison.Ordinal) == true
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + value[1..]
            : value;
    }

    /// <summary>Examples a micro-batch in training.</summary>
    public int PerDeviceTrainBatchSize { get; set; } = 8;

    /// <summary>Epochs to train; the last one may be a fraction.</summary>
    public double NumTrainEpochs { get; set; } = 3;

    /// <summary>Updates to train; above 0 it stands in place of <see cref="NumTrainEpochs"/>.</summary>
    public int MaxSteps { get; set; } = -1;

    /// <summary>The peak learning rate.</summary>
    public double LearningRate { get; set; } = 5e-5;

    /// <summary>The learning-rate schedule: a name of <see cref="LearningRateSchedules"/>.</summary>
    public string LrSchedulerType { get; set; } = "linear";

    /// <summary>Extra settings of the schedule by the original's names, such as <c>num_cycles</c>.</summary>
    public KeywordArguments? LrSchedulerKwargs { get; set; }

    /// <summary>Updates over which the learning rate rises from 0; below 1, a fraction of all updates.</summary>
    public double WarmupSteps { get; set; }

    /// <summary>The optimizer: a name of <see cref="Optimizers"/>.</summary>
    public string Optim { get; set; } = "adamw_torch_fused";

    /// <summary>Extra settings of the optimizer, as <c>name=value,name=value</c>.</summary>
    public string? OptimArgs { get; set; }

    /// <summary>
    /// Parameters with a learning rate and a weight decay of their own, by patterns on their names; the first that matches counts. They come after all others in the
    /// optimizer's groups, and the schedule's factor is the same for all. The original has this through an optimizer of one's own alone.
    /// </summary>
    public IReadOnlyList<ParameterGroupRule> ParameterGroups { get; set; } = [];

    /// <summary>Weight decay of all weights but biases and norms.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Decay of the first moment, in optimizers of Adam's family.</summary>
    public double AdamBeta1 { get; set; } = 0.9;

    /// <summary>Decay of the second moment, in optimizers of Adam's family.</summary>
    public double AdamBeta2 { get; set; } = 0.999;

    /// <summary>What optimizers of Adam's family add to the denominator.</summary>
    public double AdamEpsilon { get; set; } = 1e-8;

    /// <summary>The modules that low-rank optimizers work on. There is none of these here: only null is accepted.</summary>
    [Refused("the optimizers that take it, GaLore and APOLLO, are not there")]
    public IReadOnlyList<string>? OptimTargetModules { get; set; }

    /// <summary>Micro-batches whose gradients are added up before each update.</summary>
    public int GradientAccumulationSteps { get; set; } = 1;

    /// <summary>Whether a loss is averaged over the labels of all processes.</summary>
    [NoEffect("a run has one process")]
    public bool AverageTokensAcrossDevices { get; set; } = true;

    /// <summary>The norm that gradients are clipped to; 0: they are not clipped.</summary>
    [NullMeans(0.0)]
    public double MaxGradNorm { get; set; } = 1.0;

    /// <summary>The share of a label's weight, from 0 to 1, that is spread evenly over all classes.</summary>
    public double LabelSmoothingFactor { get; set; }

    /// <summary>Over which labels an update's loss is averaged.</summary>
    public LossNormalization LossNormalization { get; set; }

    /// <summary>Whether a script should train. The <see cref="Trainer"/> does what it is called for.</summary>
    public bool DoTrain { get; set; }

    /// <summary>Whether a script should evaluate; true where <see cref="EvalStrategy"/> is not <see cref="IntervalStrategy.No"/>.</summary>
    public bool DoEval
    {
        get => field || EvalStrategy != IntervalStrategy.No;
        set;
    }

    /// <summary>Whether a script should predict. The <see cref="Trainer"/> does what it is called for.</summary>
    public bool DoPredict { get; set; }

    /// <summary>Stops training after the running update and throws.</summary>
    [NotAnArgument]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Updates of warm-up in a run of so many updates.</summary>
    internal int ResolveWarmupSteps(int totalSteps) => WarmupSteps < 1 ? (int)Math.Ceiling(totalSteps * WarmupSteps) : (int)WarmupSteps;

    /// <summary>An independent copy.</summary>
    public TrainingArguments Clone()
    {
        var copy = (TrainingArguments)MemberwiseClone();
        foreach (var field in ArgumentField.All)
            if (field.Get(this) is KeywordArguments keywords)
                field.Set(copy, new KeywordArguments(keywords));
        copy._warnings = [.. _warnings];
        return copy;
    }
}
