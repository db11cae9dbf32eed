using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Creates the samplers of <see cref="TrainSamplingStrategy"/>.</summary>
internal static class TrainSampling
{
    /// <summary>Creates the sampler that the arguments name; null for a stream, which has an order of its own.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="batchSize">The number of examples per micro-batch, which may be less than the arguments say if memory is short.</param>
    public static Sampler? Create(Dataset dataset, TrainingArguments args, int batchSize)
    {
        var examplesPerUpdate = (int)Math.Min((long)args.PerDeviceTrainBatchSize * args.GradientAccumulationSteps, int.MaxValue);
        return (dataset, args.TrainSamplingStrategy) switch
        {
            (IterableDataset, _) => null,
            (_, TrainSamplingStrategy.Sequential) => new SequentialSampler(dataset.Count),
            (_, TrainSamplingStrategy.GroupByLength) => new LengthGroupedSampler(ExampleLengths.Of(dataset, args.LengthColumnName), examplesPerUpdate),
            (_, TrainSamplingStrategy.BatchRebalance) => new BatchRebalanceSampler(ExampleLengths.Of(dataset, args.LengthColumnName), examplesPerUpdate, examplesPerUpdate / batchSize),
            _ => new RandomSampler(dataset.Count, args.DataSeed ?? args.ResolvedSeed),
        };
    }
}
