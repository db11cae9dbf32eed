namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Finds arguments that do not fit their trainer.</summary>
internal static class TrainingFaults
{
    // The values of every evaluation, without a metric of the user.
    private static readonly string[] _givenAlways = ["loss", "runtime", "samples_per_second", "steps_per_second"];

    /// <summary>Returns the faults that are known before training begins.</summary>
    public static IEnumerable<string> Of(Trainer trainer)
    {
        var (args, hasEvalSet) = (trainer.Args, trainer.EvalDataset is not null || trainer.EvalDatasets is not null);
        if (args.EvalStrategy != IntervalStrategy.No && !hasEvalSet)
            yield return $"TrainingArguments.EvalStrategy is {args.EvalStrategy}, but there is no evaluation set; give one (ValidationSet in a pipeline, evalDataset here) or set it to No.";
        if (args.EvalStrategy == IntervalStrategy.No && args.EvalOnStart && !hasEvalSet)
            yield return "TrainingArguments.EvalOnStart is true, but there is no evaluation set; give one (ValidationSet in a pipeline, evalDataset here) or set it to false.";
        if (args.MaxSteps <= 0 && trainer.TrainDataset is { KnownCount: null })
            yield return $"TrainingArguments.MaxSteps is {args.MaxSteps}; it should be above 0, since the training dataset does not know its length.";
        if (args.BatchEvalMetrics && trainer.ComputeMetrics is not null && trainer.ComputeBatchMetrics is null)
            yield return "TrainingArguments.BatchEvalMetrics is true, but the trainer has computeMetrics alone, which want all predictions at once; set ComputeBatchMetrics, or BatchEvalMetrics to false.";
        if (hasEvalSet && MissingMetric(trainer) is { } metric)
            yield return $"TrainingArguments.MetricForBestModel is '{metric}', but the trainer has no metrics that could give it; give computeMetrics, or name one of {string.Join(", ", _givenAlways)}.";
    }

    /// <summary>Checks what is known once the length of the run is.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="plan">The length of the run.</param>
    /// <param name="processes">The number of processes.</param>
    /// <exception cref="ArgumentException">Training ends before an evaluation that another argument depends on, or several processes would each find a batch size.</exception>
    public static void Check(TrainingArguments args, StepPlan plan, int processes)
    {
        if (args.AutoFindBatchSize && processes > 1)
            throw new ArgumentException(
                $"TrainingArguments.AutoFindBatchSize is true, but {processes} processes train together, and each would find a size of its own; set it to false, and PerDeviceTrainBatchSize to what fits.",
                nameof(TrainingArguments.AutoFindBatchSize));
        double? epochs = plan.Epochs == int.MaxValue ? null : (double)plan.MaxSteps / plan.UpdatesPerEpoch;
        if (args.EvaluationDelayFault(plan.MaxSteps, epochs) is { } fault)
            throw new ArgumentException(fault, nameof(TrainingArguments.EvalDelay));
    }

    // A derived trainer may evaluate in its own way, and the metrics of the user are known only after the first evaluation.
    private static string? MissingMetric(Trainer trainer)
    {
        var own = trainer.Args.BatchEvalMetrics ? trainer.ComputeBatchMetrics : (object?)trainer.ComputeMetrics;
        if (trainer.Args.BestMetric is not { } metric || own is not null || trainer.GetType() != typeof(Trainer))
            return null;
        var prefixes = trainer.EvalDatasets?.Keys.Select(name => $"eval_{name}_") ?? ["eval_"];
        return prefixes.Any(prefix => _givenAlways.Any(name => BestModel.KeyOf(metric) == prefix + name)) ? null : metric;
    }
}
