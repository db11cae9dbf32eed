namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The step arithmetic of a run.</summary>
/// <param name="StepsPerEpoch">Micro-batches an epoch.</param>
/// <param name="AccumulationSteps">Micro-batches an update; the last one of an epoch may have fewer.</param>
/// <param name="MaxSteps">Updates of the run.</param>
/// <param name="Epochs">Epochs to go through, the last one perhaps in part.</param>
internal sealed record StepPlan(int StepsPerEpoch, int AccumulationSteps, int MaxSteps, int Epochs)
{
    public static StepPlan Make(TrainingArguments args, DataLoader loader)
    {
        var batches = loader.Count ?? throw new NotSupportedException("A dataset that does not know its length cannot be trained on yet.");
        if (batches == 0)
            throw new ArgumentException($"There is nothing to train on: the dataset has {loader.Dataset.Count} examples, which give no batch of {loader.BatchSize}.");
        var updates = Math.Max((batches + args.GradientAccumulationSteps - 1) / args.GradientAccumulationSteps, 1);
        return args.MaxSteps > 0
            ? new StepPlan(batches, args.GradientAccumulationSteps, args.MaxSteps, (args.MaxSteps + updates - 1) / updates)
            : new StepPlan(batches, args.GradientAccumulationSteps, (int)Math.Ceiling(args.NumTrainEpochs * updates), (int)Math.Ceiling(args.NumTrainEpochs));
    }

    /// <summary>An interval as a number of updates: one below 1 is a fraction of the run.</summary>
    public int Absolute(double interval) => interval < 1 ? (int)Math.Ceiling(MaxSteps * interval) : (int)interval;
}
