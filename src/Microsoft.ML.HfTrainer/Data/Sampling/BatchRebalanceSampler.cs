using Microsoft.ML.HfTrainer.Data.Sampling;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A random order whose updates are cut into micro-batches of about equal cost, padding and attention counted: long examples come in small batches, short
/// ones in large batches. An update keeps its number of examples.
/// </summary>
public sealed class BatchRebalanceSampler : Sampler
{
    /// <summary>The seed of the original, whatever the seed of the run.</summary>
    public const int DefaultSeed = 42;

    private readonly IReadOnlyList<int> _lengths;
    private readonly int _examples, _steps, _processes, _rank;
    private readonly long _seed;

    /// <summary>Balances micro-batches over the steps of an update and over processes.</summary>
    /// <param name="lengths">The length of each example.</param>
    /// <param name="examplesPerUpdate">Examples an update, of all processes.</param>
    /// <param name="accumulationSteps">Micro-batches an update and process.</param>
    /// <param name="seed">The seed of epoch 0's permutation; each epoch adds 1.</param>
    /// <param name="processes">Processes that share an update.</param>
    /// <param name="rank">Which of them this is, from 0.</param>
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

    private int Groups => _steps * _processes;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order(int epoch) => Permutation.Seeded(Count, _seed + epoch);

    /// <inheritdoc/>
    public override int CountBatches(int batchSize, bool dropLast) => (dropLast ? Count / _examples : (Count + _examples - 1) / _examples) * _steps;

    /// <summary>The micro-batches of this process: of each update, its share. A last update that is too small begins again with the first examples.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batchSize">Not used: batches vary in size.</param>
    /// <param name="dropLast">Whether a last update with fewer examples is left out.</param>
    public override IEnumerable<IReadOnlyList<int>> Batches(int epoch, int batchSize, bool dropLast)
    {
        var order = Order(epoch);
        return order.Chunk(_examples).Take(CountBatches(batchSize, dropLast) / _steps).SelectMany(update => Cut(Filled(update, order)));
    }

    private IReadOnlyList<int> Filled(int[] update, IReadOnlyList<int> order) =>
        update.Length >= Groups ? update : [.. update, .. Enumerable.Range(0, Groups - update.Length).Select(i => order[i % order.Count])];

    // The dearest groups form the first step, one a process; the next dearest the second, and so on.
    private IEnumerable<IReadOnlyList<int>> Cut(IReadOnlyList<int> update)
    {
        var sorted = update.OrderByDescending(i => _lengths[i]).ToArray();
        var balance = new CostBalance([.. sorted.Select(i => _lengths[i])], Groups, _processes);
        var sizes = balance.Sizes(attempts: Math.Max(Groups * 30, _examples));
        var ranked = balance.Costs(sizes).Index().OrderByDescending(group => group.Item).Select(group => group.Index).ToList();
        return Enumerable.Range(0, _steps).Select(step => ranked[step * _processes + _rank])
            .Select(group => (IReadOnlyList<int>)new ArraySegment<int>(sorted, sizes.Take(group).Sum(), sizes[group]));
    }
}
