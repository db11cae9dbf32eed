namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The settings of a training run, with the names and defaults of the original: <c>LearningRate</c> is <c>learning_rate</c> in
/// <c>training_args.json</c>.
/// </summary>
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

    /// <summary>The folder of checkpoints; null: nothing is written.</summary>
    public string? OutputDir { get; set; }

    /// <summary>Examples a micro-batch in training.</summary>
    public int PerDeviceTrainBatchSize { get; set; } = 8;

    /// <summary>Examples a batch in evaluation and prediction.</summary>
    public int PerDeviceEvalBatchSize { get; set; } = 8;

    /// <summary>Epochs to train; the last one may be a fraction.</summary>
    public double NumTrainEpochs { get; set; } = 3;

    /// <summary>Updates to train; above 0 it stands in place of <see cref="NumTrainEpochs"/>.</summary>
    public int MaxSteps { get; set; } = -1;

    /// <summary>Micro-batches whose gradients are added up before each update.</summary>
    public int GradientAccumulationSteps { get; set; } = 1;

    /// <summary>The peak learning rate.</summary>
    public double LearningRate { get; set; } = 5e-5;

    /// <summary>The learning-rate schedule: <c>linear</c>, <c>cosine</c>, <c>constant</c>, <c>constant_with_warmup</c>.</summary>
    public string LrSchedulerType { get; set; } = "linear";

    /// <summary>Extra settings of the schedule by the original's names, such as <c>num_cycles</c>.</summary>
    public KeywordArguments? LrSchedulerKwargs { get; set; }

    /// <summary>Updates over which the learning rate rises from 0; below 1, a fraction of all updates.</summary>
    public double WarmupSteps { get; set; }

    /// <summary>The optimizer: <c>adamw_torch_fused</c> or <c>adamw_torch</c>.</summary>
    public string Optim { get; set; } = "adamw_torch_fused";

    /// <summary>Extra settings of the optimizer, as <c>name=value,name=value</c>.</summary>
    public string? OptimArgs { get; set; }

    /// <summary>Weight decay of all weights but biases and norms.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Decay of AdamW's first moment.</summary>
    public double AdamBeta1 { get; set; } = 0.9;

    /// <summary>Decay of AdamW's second moment.</summary>
    public double AdamBeta2 { get; set; } = 0.999;

    /// <summary>What AdamW adds to its denominator.</summary>
    public double AdamEpsilon { get; set; } = 1e-8;

    /// <summary>The norm that gradients are clipped to; 0: they are not clipped.</summary>
    public double MaxGradNorm { get; set; } = 1.0;

    /// <summary>Over which labels an update's loss is averaged.</summary>
    public LossNormalization LossNormalization { get; set; }

    /// <summary>When loss, gradient norm and learning rate are logged.</summary>
    public IntervalStrategy LoggingStrategy { get; set; } = IntervalStrategy.Steps;

    /// <summary>Updates between logs; below 1, a fraction of all updates.</summary>
    public double LoggingSteps { get; set; } = 500;

    /// <summary>Whether the first update is logged too.</summary>
    public bool LoggingFirstStep { get; set; }

    /// <summary>Whether a loss that is no number is left out of the logged mean.</summary>
    public bool LoggingNanInfFilter { get; set; } = true;

    /// <summary>When the evaluation set is evaluated.</summary>
    public IntervalStrategy EvalStrategy { get; set; }

    /// <summary>Updates between evaluations; null: <see cref="LoggingSteps"/>; below 1, a fraction of all updates.</summary>
    public double? EvalSteps { get; set; }

    /// <summary>Epochs or updates, as <see cref="EvalStrategy"/> counts, before the first evaluation.</summary>
    public double EvalDelay { get; set; }

    /// <summary>When checkpoints are written.</summary>
    public SaveStrategy SaveStrategy { get; set; } = SaveStrategy.Steps;

    /// <summary>Updates between checkpoints; below 1, a fraction of all updates.</summary>
    public double SaveSteps { get; set; } = 500;

    /// <summary>How many checkpoints are kept, the best one always; null: all.</summary>
    public int? SaveTotalLimit { get; set; }

    /// <summary>Whether a checkpoint leaves out the optimizer, the schedule and the random state.</summary>
    public bool SaveOnlyModel { get; set; }

    /// <summary>Whether the weights of the best evaluation are taken back at the end.</summary>
    public bool LoadBestModelAtEnd { get; set; }

    /// <summary>The metric that says which model is best, with or without <c>eval_</c>; null: <c>loss</c> where one is needed.</summary>
    public string? MetricForBestModel { get; set; }

    /// <summary>Whether a higher metric is better; null: unless its name ends in <c>loss</c>.</summary>
    public bool? GreaterIsBetter { get; set; }

    /// <summary>The seed of new weights, dropout and order; null: MLContext's in a pipeline, else 42.</summary>
    public int? Seed { get; set; }

    /// <summary>The order in which each epoch goes through the examples.</summary>
    public TrainSamplingStrategy TrainSamplingStrategy { get; set; }

    /// <summary>The seed of the order of examples; null: <see cref="Seed"/>.</summary>
    public int? DataSeed { get; set; }

    /// <summary>Where random numbers of dropout come from.</summary>
    public RandomStream RandomStream { get; set; }

    /// <summary>Whether a last batch with fewer examples is left out.</summary>
    public bool DataloaderDropLast { get; set; }

    /// <summary>Whether the CPU is used even where there is a GPU.</summary>
    public bool UseCpu { get; set; }

    /// <summary>
    /// How progress is shown on the console. Null: a progress bar on an interactive terminal, nothing elsewhere. False: a bar, or lines where the output is
    /// redirected. True: lines instead of the bar, as in the original.
    /// </summary>
    public bool? DisableTqdm { get; set; }

    /// <summary>Stops training after the running update and throws.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal int ResolvedSeed => Seed ?? DefaultSeed;

    internal bool NeedsBestMetric => LoadBestModelAtEnd || SaveStrategy == SaveStrategy.Best;

    internal string? BestMetric => MetricForBestModel ?? (LoadBestModelAtEnd ? "loss" : null);

    internal bool HigherIsBetter => GreaterIsBetter ?? BestMetric?.EndsWith("loss", StringComparison.Ordinal) != true;

    /// <summary>Updates of warm-up in a run of so many updates.</summary>
    internal int ResolveWarmupSteps(int totalSteps) => WarmupSteps < 1 ? (int)Math.Ceiling(totalSteps * WarmupSteps) : (int)WarmupSteps;

    /// <summary>An independent copy.</summary>
    public TrainingArguments Clone() => (TrainingArguments)MemberwiseClone();

    /// <summary>Checks the settings by themselves.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or contradicts another; the message names it, what was found and what would be right.</exception>
    public void Validate()
    {
        Check(PerDeviceTrainBatchSize >= 1, nameof(PerDeviceTrainBatchSize), PerDeviceTrainBatchSize, "at least 1");
        Check(PerDeviceEvalBatchSize >= 1, nameof(PerDeviceEvalBatchSize), PerDeviceEvalBatchSize, "at least 1");
        Check(GradientAccumulationSteps >= 1, nameof(GradientAccumulationSteps), GradientAccumulationSteps, "at least 1");
        Check(MaxSteps > 0 || NumTrainEpochs > 0 && double.IsFinite(NumTrainEpochs), nameof(NumTrainEpochs), NumTrainEpochs, "above 0");
        Check(LearningRate >= 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a number from 0 up");
        Check(WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "a number from 0 up");
        Check(WarmupSteps >= 0, nameof(WarmupSteps), WarmupSteps, "a number from 0 up");
        Check(MaxGradNorm >= 0, nameof(MaxGradNorm), MaxGradNorm, "a number from 0 up");
        Check(AdamBeta1 is >= 0 and < 1, nameof(AdamBeta1), AdamBeta1, "from 0 up to, but not, 1");
        Check(AdamBeta2 is >= 0 and < 1, nameof(AdamBeta2), AdamBeta2, "from 0 up to, but not, 1");
        Check(SaveTotalLimit is null or >= 1, nameof(SaveTotalLimit), SaveTotalLimit, "at least 1, or null");
        CheckInterval(LoggingStrategy == IntervalStrategy.Steps, nameof(LoggingSteps), LoggingSteps);
        CheckInterval(EvalStrategy == IntervalStrategy.Steps, nameof(EvalSteps), EvalSteps ?? LoggingSteps);
        CheckInterval(SaveStrategy == SaveStrategy.Steps, nameof(SaveSteps), SaveSteps);
        ValidateBestModel();
    }

    private void ValidateBestModel()
    {
        if (SaveStrategy == SaveStrategy.Best)
            Check(MetricForBestModel is not null || LoadBestModelAtEnd, nameof(MetricForBestModel), "null", "the name of a metric, since SaveStrategy is Best");
        if (!LoadBestModelAtEnd)
            return;
        Check(EvalStrategy != IntervalStrategy.No, nameof(EvalStrategy), EvalStrategy, "Steps or Epoch, since LoadBestModelAtEnd is set");
        if (SaveStrategy == SaveStrategy.Best)
            return;
        Check(SaveStrategy.ToString() == EvalStrategy.ToString(), nameof(SaveStrategy), SaveStrategy, $"{EvalStrategy} like EvalStrategy (or Best), since LoadBestModelAtEnd is set");
        var evalSteps = EvalSteps ?? LoggingSteps;
        if (EvalStrategy == IntervalStrategy.Steps)
            Check(SaveSteps < 1 == evalSteps < 1 && Math.Abs(Math.IEEERemainder(SaveSteps, evalSteps)) < 1e-9, nameof(SaveSteps), SaveSteps, $"a multiple of EvalSteps {evalSteps}, since LoadBestModelAtEnd is set");
    }

    private static void CheckInterval(bool used, string name, double value)
    {
        if (used)
            Check(value > 0 && (value < 1 || value == Math.Floor(value)), name, value, "a whole number of updates, or a fraction of all updates between 0 and 1");
    }

    private static void Check(bool holds, string name, object? found, string expected)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"TrainingArguments.{name} is {found}; it should be {expected}."), name);
    }
}
