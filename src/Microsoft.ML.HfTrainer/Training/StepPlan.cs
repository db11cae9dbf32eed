namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The step arithmetic of a run.</summary>
/// <param name="StepsPerEpoch">The number of micro-batches per epoch.</param>
/// <param name="BatchSize">The number of examples per micro-batch.</param>
/// <param name="AccumulationSteps">The number of micro-batches per update; the last update of an epoch may have fewer.</param>
/// <param name="WorldSize">The number of processes, each of which computes micro-batches of its own.</param>
/// <param name="MaxSteps">The number of updates of the run.</param>
/// <param name="Epochs">The number of epochs, the last of which may end early.</param>
internal sealed record StepPlan(long StepsPerEpoch, int BatchSize, int AccumulationSteps, int WorldSize, int MaxSteps, int Epochs)
{
    /// <summary>The number of updates per epoch.</summary>
    public int UpdatesPerEpoch { get; } = (int)Math.Max(1, (StepsPerEpoch - 1) / AccumulationSteps + 1);

    /// <summary>The number of examples per update, over all processes.</summary>
    public long ExamplesPerUpdate => ExamplesPerProcess * WorldSize;

    private long ExamplesPerProcess => (long)BatchSize * AccumulationSteps;

    /// <summary>Plans a run over the batches of a loader. Data of unknown length is iterated as often as the number of updates needs.</summary>
    /// <exception cref="ArgumentException">There are no batches, or their number and the number of updates are both unknown.</exception>
    public static StepPlan Make(TrainingArguments args, DataLoader loader, int worldSize = 1, int? accumulation = null)
    {
        var accumulationSteps = accumulation ?? args.GradientAccumulationSteps;
        if (loader.Count is not { } batches)
            return args.MaxSteps > 0
                ? new StepPlan((long)args.MaxSteps * accumulationSteps, loader.BatchSize, accumulationSteps, worldSize, args.MaxSteps, int.MaxValue)
                : throw new ArgumentException($"TrainingArguments.MaxSteps is {args.MaxSteps}; it should be above 0, since the dataset does not know its length.");
        if (batches == 0)
            throw new ArgumentException($"There is nothing to train on: the dataset has {loader.Dataset.Count} examples, which give no batch of {loader.BatchSize}.");
        var plan = new StepPlan(batches, loader.BatchSize, accumulationSteps, worldSize, 0, 0);
        return args.MaxSteps > 0
            ? plan with { MaxSteps = args.MaxSteps, Epochs = (args.MaxSteps - 1) / plan.UpdatesPerEpoch + 1 }
            : plan with { MaxSteps = UpdatesOf(args.NumTrainEpochs, plan.UpdatesPerEpoch), Epochs = (int)Math.Ceiling(args.NumTrainEpochs) };
    }

    /// <summary>
    /// Returns smaller micro-batches for the same examples per update: the largest batch size up to nine tenths of the present one that divides them; null if a
    /// batch is a single example already.
    /// </summary>
    public (int BatchSize, int AccumulationSteps)? Smaller()
    {
        for (var size = (int)(BatchSize * 9L / 10); size > 0; size--)
            if (ExamplesPerProcess % size == 0 && ExamplesPerProcess / size <= int.MaxValue)
                return (size, (int)(ExamplesPerProcess / size));
        return null;
    }

    /// <summary>Returns an interval as a number of updates; a value below 1 is a fraction of the run.</summary>
    public int Absolute(double interval) => interval < 1 ? (int)Math.Ceiling(MaxSteps * interval) : (int)interval;

    private static int UpdatesOf(double epochs, int updatesPerEpoch) => Math.Ceiling(epochs * updatesPerEpoch) is var updates && updates <= int.MaxValue
        ? (int)updates
        : throw new ArgumentException(FormattableString.Invariant(
            $"TrainingArguments.NumTrainEpochs is {epochs}, which makes {updates} updates of {updatesPerEpoch} per epoch; it should make at most {int.MaxValue}."));
}
