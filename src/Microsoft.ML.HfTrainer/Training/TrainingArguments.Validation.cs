using Microsoft.ML.HfTrainer.Optimization;
using Microsoft.ML.HfTrainer.Training;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    private static readonly string[] _metricInputs = ["inputs", "loss"];
    private static readonly string[] _acceleratorSettings =
        ["split_batches", "dispatch_batches", "even_batches", "use_seedable_sampler", "non_blocking", "gradient_accumulation_kwargs", "use_configured_state"];

    /// <summary>Checks that the arguments are valid and consistent.</summary>
    /// <exception cref="ArgumentException">
    /// Arguments are out of range or contradict each other; the message lists all faults, each with the value found and the values allowed.
    /// </exception>
    public void Validate() => Validate([]);

    /// <summary>Checks the arguments, and reports further faults in the same message.</summary>
    internal void Validate(IEnumerable<string> furtherFaults)
    {
        List<Fault> faults = [.. Faults(), .. furtherFaults.Select(message => new Fault(null, message))];
        if (faults.Count > 0)
            throw new ArgumentException(FaultList.Join(faults.Select(fault => fault.Message)), faults is [var only] ? only.Name : null);
    }

    private IEnumerable<Fault> Faults() =>
    [
        .. RangeFaults(), .. IntervalFaults(), .. OptimizationFaults.Of(ToOptimizerSettings(), ToScheduleSettings(totalSteps: 1)).Select(fault => new Fault(fault.Name, fault.Message)), .. NameFaults(),
        .. PrecisionFaults(), .. DataFaults(), .. EvaluationFaults(), .. BestModelFaults(), .. RefusedFaults(),
        .. EnvironmentSettings.Faults().Select(message => new Fault(null, message)),
    ];

    private IEnumerable<Fault> RangeFaults() =>
        from rule in new (bool Holds, string Name, object? Found, string Expected)[]
        {
            (PerDeviceTrainBatchSize >= 1, nameof(PerDeviceTrainBatchSize), PerDeviceTrainBatchSize, "at least 1"),
            (PerDeviceEvalBatchSize >= 1, nameof(PerDeviceEvalBatchSize), PerDeviceEvalBatchSize, "at least 1"),
            (GradientAccumulationSteps >= 1, nameof(GradientAccumulationSteps), GradientAccumulationSteps, "at least 1"),
            (MaxSteps > 0 || NumTrainEpochs > 0 && double.IsFinite(NumTrainEpochs), nameof(NumTrainEpochs), NumTrainEpochs, "above 0"),
            (IsNonNegative(LearningRate), nameof(LearningRate), LearningRate, "a non-negative number"),
            (IsNonNegative(WeightDecay), nameof(WeightDecay), WeightDecay, "a non-negative number"),
            (IsNonNegative(WarmupSteps), nameof(WarmupSteps), WarmupSteps, "a non-negative number"),
            (IsNonNegative(MaxGradNorm), nameof(MaxGradNorm), MaxGradNorm, "a non-negative number"),
            (IsNonNegative(AdamEpsilon), nameof(AdamEpsilon), AdamEpsilon, "a non-negative number"),
            (AdamBeta1 is >= 0 and < 1, nameof(AdamBeta1), AdamBeta1, "at least 0 and below 1"),
            (AdamBeta2 is >= 0 and < 1, nameof(AdamBeta2), AdamBeta2, "at least 0 and below 1"),
            (LabelSmoothingFactor is >= 0 and <= 1, nameof(LabelSmoothingFactor), LabelSmoothingFactor, "from 0 to 1"),
            (NeftuneNoiseAlpha is null || IsNonNegative(NeftuneNoiseAlpha.Value), nameof(NeftuneNoiseAlpha), NeftuneNoiseAlpha, "a non-negative number, or null"),
            (TorchEmptyCacheSteps is null or >= 1, nameof(TorchEmptyCacheSteps), TorchEmptyCacheSteps, "at least 1, or null"),
            (EvalAccumulationSteps is null or >= 1, nameof(EvalAccumulationSteps), EvalAccumulationSteps, "at least 1, or null"),
            (IsNonNegative(EvalDelay), nameof(EvalDelay), EvalDelay, "a non-negative number"),
            (SaveTotalLimit is null or >= 1, nameof(SaveTotalLimit), SaveTotalLimit, "at least 1, or null"),
        }
        where !rule.Holds
        select Fault.Of(rule.Name, rule.Found, rule.Expected);

    private IEnumerable<Fault> NameFaults()
    {
        foreach (var reporter in Reporters.Faults(ReportTo))
            yield return new Fault(nameof(ReportTo), reporter);
        foreach (var name in (AcceleratorConfig ?? []).Keys.Where(name => !_acceleratorSettings.Contains(name)))
            yield return Fault.Of(nameof(AcceleratorConfig), $"an object with '{name}'", $"an object with no keys other than {string.Join(", ", _acceleratorSettings)}");
    }

    private IEnumerable<Fault> IntervalFaults() =>
        from interval in new (bool Used, string Name, double Value)[]
        {
            (LoggingStrategy == IntervalStrategy.Steps, nameof(LoggingSteps), LoggingSteps),
            (EvalStrategy == IntervalStrategy.Steps, nameof(EvalSteps), EvalSteps ?? 0),
            (SaveStrategy == SaveStrategy.Steps, nameof(SaveSteps), SaveSteps),
        }
        where interval.Used && !(interval.Value > 0 && (interval.Value < 1 || interval.Value == Math.Floor(interval.Value) && interval.Value <= int.MaxValue))
        select Fault.Of(interval.Name, interval.Value, "a whole number of updates, or a fraction of all updates between 0 and 1");

    private IEnumerable<Fault> PrecisionFaults()
    {
        if (Fp16 && Bf16)
            yield return Fault.Of(nameof(Fp16), true, "false if Bf16 is true, since they exclude each other");
        if (Fp16FullEval && Bf16FullEval)
            yield return Fault.Of(nameof(Fp16FullEval), true, "false if Bf16FullEval is true, since they exclude each other");
    }

    private IEnumerable<Fault> DataFaults()
    {
        if (DataloaderNumWorkers < 0)
            yield return Fault.Of(nameof(DataloaderNumWorkers), DataloaderNumWorkers, "a non-negative number");
        if (DataloaderPrefetchFactor is { } factor && (factor < 1 || DataloaderNumWorkers == 0))
            yield return Fault.Of(nameof(DataloaderPrefetchFactor), factor, factor < 1 ? "at least 1, or null" : "null if DataloaderNumWorkers is 0, since there is no background thread");
        if (DataloaderPersistentWorkers && DataloaderNumWorkers == 0)
            yield return Fault.Of(nameof(DataloaderPersistentWorkers), true, "false if DataloaderNumWorkers is 0, since there is no thread to keep");
    }

    private IEnumerable<Fault> EvaluationFaults()
    {
        foreach (var unknown in IncludeForMetrics.Where(name => !_metricInputs.Contains(name)))
            yield return Fault.Of(nameof(IncludeForMetrics), $"'{unknown}'", $"one of {string.Join(", ", _metricInputs)}");
        if (SchedulerWatchesMetric && EvalStrategy == IntervalStrategy.No)
            yield return Fault.Of(nameof(EvalStrategy), EvalStrategy, $"Steps or Epoch, since the schedule '{LrSchedulerType}' follows a metric of evaluations");
        if (MetricForBestModel is { } metric && PredictionLossOnly && BestModel.KeyOf(metric) != BestModel.KeyOf("loss"))
            yield return Fault.Of(nameof(PredictionLossOnly), true, $"false, since MetricForBestModel is '{metric}', and evaluation would return only the loss");
        if (EvaluationDelayFault(MaxSteps > 0 ? MaxSteps : null, MaxSteps > 0 ? null : NumTrainEpochs) is { } late)
            yield return new Fault(nameof(EvalDelay), late);
    }

    /// <summary>
    /// Returns the fault of an <see cref="EvalDelay"/> that ends after training although an evaluation is needed, or null if there is none or it is not known
    /// yet.
    /// </summary>
    /// <param name="updates">The number of updates of the run, or null if unknown.</param>
    /// <param name="epochs">The number of epochs of the run, or null if unknown.</param>
    internal string? EvaluationDelayFault(int? updates, double? epochs)
    {
        var end = EvalStrategy switch
        {
            IntervalStrategy.Steps when EvalDelay > updates => FormattableString.Invariant($"{updates} updates"),
            IntervalStrategy.Epoch when EvalDelay > epochs => FormattableString.Invariant($"{epochs} epochs"),
            _ => null,
        };
        return end is null || !NeedsBestMetric && !SchedulerWatchesMetric ? null
            : Fault.Of(nameof(EvalDelay), EvalDelay, $"at most the end of training, {end}, since an evaluation is needed").Message;
    }

    private IEnumerable<Fault> BestModelFaults()
    {
        if (SaveStrategy == SaveStrategy.Best && MetricForBestModel is null)
            yield return Fault.Of(nameof(MetricForBestModel), null, "the name of a metric, since SaveStrategy is Best");
        if (EvalStrategy == IntervalStrategy.No)
        {
            if (BestModelReason is { } reason)
                yield return Fault.Of(nameof(EvalStrategy), EvalStrategy, $"Steps or Epoch, since {reason}");
        }
        else if (LoadBestModelAtEnd && SaveStrategy != SaveStrategy.Best && SaveStrategy.ToString() != EvalStrategy.ToString())
            yield return Fault.Of(nameof(SaveStrategy), SaveStrategy, $"{EvalStrategy} like EvalStrategy (or Best), since LoadBestModelAtEnd is set");
        else if (LoadBestModelAtEnd && SaveStrategy == SaveStrategy.Steps && EvalSteps is { } evalSteps && !IsMultiple(SaveSteps, evalSteps))
            yield return Fault.Of(nameof(SaveSteps), SaveSteps, FormattableString.Invariant($"a multiple of EvalSteps {evalSteps}, since LoadBestModelAtEnd is set"));
    }

    private string? BestModelReason => (LoadBestModelAtEnd, SaveStrategy, MetricForBestModel) switch
    {
        (true, _, _) => "LoadBestModelAtEnd is set",
        (_, SaveStrategy.Best, _) => "SaveStrategy is Best",
        (_, _, { } metric) when !SchedulerWatchesMetric && !EvalOnStart => $"MetricForBestModel is '{metric}'",
        _ => null,
    };

    private IEnumerable<Fault> RefusedFaults() =>
        from field in ArgumentField.All
        where field.Refused is not null && field.Show(field.Get(this)) != field.Show(field.Default)
        select Fault.Of(field.CSharpName, field.Show(field.Get(this)), $"{field.Show(field.Default)}; other values are not supported: {field.Refused}");

    private static bool IsNonNegative(double value) => value >= 0 && double.IsFinite(value);

    private static bool IsMultiple(double value, double of) => value < 1 == of < 1 && Math.Abs(Math.IEEERemainder(value, of)) < 1e-9;

    /// <summary>A fault, with the name of the argument if it concerns a single one.</summary>
    private sealed record Fault(string? Name, string Message)
    {
        public static Fault Of(string name, object? found, string expected) =>
            new(name, FormattableString.Invariant($"TrainingArguments.{name} is {found ?? "null"}; it should be {expected}."));
    }
}
