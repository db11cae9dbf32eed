using Microsoft.ML.HfTrainer.Data.Sampling;
using Microsoft.ML.HfTrainer.Distributed;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Creates the samplers of <see cref="TrainSamplingStrategy"/>.</summary>
internal static class TrainSampling
{
    /// <summary>Creates the sampler that the arguments name; null for a stream, which has an order of its own.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="batchSize">The number of examples per micro-batch, which may be less than the arguments say if memory is short.</param>
    /// <param name="communicator">The processes.</param>
    public static Sampler? Create(Dataset dataset, TrainingArguments args, int batchSize, ICommunicator communicator)
    {
        var examplesPerUpdate = (int)Math.Min((long)args.PerDeviceTrainBatchSize * args.GradientAccumulationSteps, int.MaxValue);
        var (seed, processes) = (args.DataSeed ?? args.ResolvedSeed, communicator.WorldSize);
        // Processes that draw different numbers, as for dropout, would have different orders from the global generator.
        var hasOwnOrder = processes > 1 && args.RandomStream != RandomStream.Reference;
        return (dataset, args.TrainSamplingStrategy) switch
        {
            (IterableDataset, _) => null,
            (_, TrainSamplingStrategy.Sequential) => new SequentialSampler(dataset.Count),
            (_, TrainSamplingStrategy.GroupByLength) => new LengthGroupedSampler(ExampleLengths.Of(dataset, args.LengthColumnName), examplesPerUpdate, hasOwnOrder ? seed : null),
            (_, TrainSamplingStrategy.BatchRebalance) => new BatchRebalanceSampler(
                ExampleLengths.Of(dataset, args.LengthColumnName), checked(examplesPerUpdate * processes), examplesPerUpdate / batchSize, processes: processes, rank: communicator.Rank),
            _ => new RandomSampler(dataset.Count, seed),
        };
    }
}
