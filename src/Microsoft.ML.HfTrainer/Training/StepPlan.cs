namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The step arithmetic of a run.</summary>
/// <param name="StepsPerEpoch">Micro-batches an epoch.</param>
/// <param name="BatchSize">Examples a micro-batch.</param>
/// <param name="AccumulationSteps">Micro-batches an update; the last one of an epoch may have fewer.</param>
/// <param name="MaxSteps">Updates of the run.</param>
/// <param name="Epochs">Epochs to go through, the last one perhaps in part.</param>
internal sealed record StepPlan(int StepsPerEpoch, int BatchSize, int AccumulationSteps, int MaxSteps, int Epochs)
{
    /// <summary>Updates an epoch.</summary>
    public int UpdatesPerEpoch { get; } = Math.Max(1, (StepsPerEpoch - 1) / AccumulationSteps + 1);

    /// <summary>Examples an update.</summary>
    public int ExamplesPerUpdate => BatchSize * AccumulationSteps;

    /// <summary>The plan of a run over the loader's batches. Data of unknown length are gone through as often as the updates need.</summary>
    public static StepPlan Make(TrainingArguments args, DataLoader loader, int? accumulation = null)
    {
        var accumulationSteps = accumulation ?? args.GradientAccumulationSteps;
        if (loader.Count is not { } batches)
            return args.MaxSteps > 0
                ? new StepPlan(args.MaxSteps * accumulationSteps, loader.BatchSize, accumulationSteps, args.MaxSteps, int.MaxValue)
                : throw new ArgumentException($"TrainingArguments.MaxSteps is {args.MaxSteps}; it should be above 0, since the dataset does not know its length.");
        if (batches == 0)
            throw new ArgumentException($"There is nothing to train on: the dataset has {loader.Dataset.Count} examples, which give no batch of {loader.BatchSize}.");
        var plan = new StepPlan(batches, loader.BatchSize, accumulationSteps, 0, 0);
        return args.MaxSteps > 0
            ? plan with { MaxSteps = args.MaxSteps, Epochs = (args.MaxSteps - 1) / plan.UpdatesPerEpoch + 1 }
            : plan with { MaxSteps = (int)Math.Ceiling(args.NumTrainEpochs * plan.UpdatesPerEpoch), Epochs = (int)Math.Ceiling(args.NumTrainEpochs) };
    }

    /// <summary>Smaller micro-batches for the same examples an update: nine tenths, then down to what divides them; null where a batch is one example already.</summary>
    public (int BatchSize, int AccumulationSteps)? Smaller()
    {
        for (var size = BatchSize * 9 / 10; size > 0; size--)
            if (ExamplesPerUpdate % size == 0)
                return (size, ExamplesPerUpdate / size);
        return null;
    }

    /// <summary>An interval as a number of updates: one below 1 is a fraction of the run.</summary>
    public int Absolute(double interval) => interval < 1 ? (int)Math.Ceiling(MaxSteps * interval) : (int)interval;
}
