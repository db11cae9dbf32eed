using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Samples examples at random and splits each update into micro-batches of about equal cost, including padding and attention: long examples come in small batches,
/// short examples in large ones. The number of examples per update does not change.
/// </summary>
public sealed class BatchRebalanceSampler : Sampler
{
    /// <summary>The seed that Hugging Face Transformers uses, independent of the seed of the run.</summary>
    public const int DefaultSeed = 42;

    private readonly IReadOnlyList<int> _lengths;
    private readonly int _examples, _steps, _processes, _rank;
    private readonly long _seed;

    /// <summary>Creates a sampler that balances micro-batches over the accumulation steps of an update and over processes.</summary>
    /// <param name="lengths">The length of each example.</param>
    /// <param name="examplesPerUpdate">The number of examples per update, over all processes.</param>
    /// <param name="accumulationSteps">The number of micro-batches per update and process.</param>
    /// <param name="seed">The seed of the permutation of epoch 0, to which the epoch is added. Default: 42.</param>
    /// <param name="processes">The number of processes. Default: 1.</param>
    /// <param name="rank">The zero-based rank of this process. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An update has fewer examples than micro-batches.</exception>
    public BatchRebalanceSampler(
        IReadOnlyList<int> lengths, int examplesPerUpdate, int accumulationSteps, long seed = DefaultSeed, int processes = 1, int rank = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(accumulationSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(processes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(examplesPerUpdate, accumulationSteps * processes);
        (_lengths, _examples, _steps, _seed, _processes, _rank) = (lengths, examplesPerUpdate, accumulationSteps, seed, processes, rank);
    }

    /// <inheritdoc/>
    public override int Count => _lengths.Count;

    internal override bool IsShared => _processes > 1;

    private int Groups => _steps * _processes;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch) => Permutation.Seeded(Count, _seed + epoch);

    /// <inheritdoc/>
    public override int CountBatches(int batchSize, bool dropLast) => (dropLast ? Count / _examples : CeilingOfQuotient(Count, _examples)) * _steps;

    /// <summary>
    /// Returns the micro-batches of this process. A last update with fewer examples than micro-batches is filled up with the first examples of the epoch.
    /// </summary>
    /// <param name="epoch">The zero-based epoch.</param>
    /// <param name="batchSize">Not used: the batch size varies.</param>
    /// <param name="dropLast">true to drop the last update if it is incomplete.</param>
    public override IEnumerable<IReadOnlyList<int>> Batches(int epoch, int batchSize, bool dropLast)
    {
        var order = Order(epoch);
        return order.Chunk(_examples).Take(CountBatches(batchSize, dropLast) / _steps).SelectMany(update => Split(Filled(update, order)));
    }

    // Whole updates are dropped, whatever the size of their batches.
    internal override int CountKeptBatches(int batchSize, bool dropLast, int dropUnit) => CountBatches(batchSize, dropLast);

    internal override IEnumerable<IReadOnlyList<int>> KeptBatches(int epoch, int batchSize, bool dropLast, int dropUnit) => Batches(epoch, batchSize, dropLast);

    private IReadOnlyList<int> Filled(int[] update, IReadOnlyList<int> order) =>
        update.Length >= Groups ? update : [.. update, .. Enumerable.Range(0, Groups - update.Length).Select(i => order[i % order.Count])];

    // The most expensive groups form the first step, one per process, the next most expensive the second, and so on.
    private IEnumerable<IReadOnlyList<int>> Split(IReadOnlyList<int> update)
    {
        var sorted = update.OrderByDescending(i => _lengths[i]).ToArray();
        var balance = new CostBalance([.. sorted.Select(i => _lengths[i])], Groups, _processes);
        var sizes = balance.Sizes(attempts: Math.Max(Groups * 30, _examples));
        var ranked = balance.Costs(sizes).Index().OrderByDescending(group => group.Item).Select(group => group.Index).ToList();
        return Enumerable.Range(0, _steps).Select(step => ranked[step * _processes + _rank])
            .Select(group => (IReadOnlyList<int>)new ArraySegment<int>(sorted, sizes.Take(group).Sum(), sizes[group]));
    }
}
