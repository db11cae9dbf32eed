namespace Microsoft.ML.HfTrainer.Data.Sampling;

/// <summary>The batches that one of several processes takes of an order that all have.</summary>
/// <param name="sampler">The order.</param>
/// <param name="share">Which examples of it this process takes.</param>
internal sealed class SharedSampler(Sampler sampler, BatchShare share) : Sampler
{
    public override int Count => sampler.Count;

    public override IReadOnlyList<int> Order(int epoch) => sampler.Order(epoch);

    public override int CountBatches(int batchSize, bool dropLast) => 
        dropLast ? Count / share.JointSize(batchSize) : CeilingOfQuotient(Count, share.JointSize(batchSize));

    public override IEnumerable<IReadOnlyList<int>> Batches(int epoch, int batchSize, bool dropLast)
    {
        var (order, size) = (Order(epoch), share.JointSize(batchSize));
        return order.Chunk(size).Take(CountBatches(batchSize, dropLast)).Select(joint => share.Of(joint, order, size));
    }
}
