using Microsoft.ML.HfTrainer.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Cuts an order of examples into batches and collates them.</summary>
/// <param name="dataset">The examples.</param>
/// <param name="sampler">Their order; not used for an <see cref="IterableDataset"/>, whose order is its own.</param>
/// <param name="collator">Makes a batch of examples.</param>
/// <param name="batchSize">Examples a batch.</param>
/// <param name="dropLast">Whether a last batch with fewer examples is left out.</param>
public sealed class DataLoader(Dataset dataset, Sampler? sampler, IDataCollator collator, int batchSize, bool dropLast = false)
{
    private readonly Sampler? _sampler = dataset is IterableDataset ? null : sampler ?? new SequentialSampler(dataset.Count);

    /// <summary>The examples.</summary>
    public Dataset Dataset { get; } = dataset;

    /// <summary>Examples a batch.</summary>
    public int BatchSize { get; } = batchSize;

    /// <summary>Batches an epoch; null where the dataset's length is not known.</summary>
    public int? Count => _sampler?.CountBatches(BatchSize, dropLast);

    /// <summary>Threads that read and collate batches ahead of their use; 0: each batch is made when it is asked for. The batches are the same.</summary>
    public int WorkerCount { get; init; }

    /// <summary>How many batches each of these threads is ahead. Default: 2.</summary>
    public int PrefetchFactor { get; init; } = 2;

    /// <summary>The batches of an epoch (from 0), which the caller disposes.</summary>
    /// <remarks>
    /// Like every pass of the original's loader, it first draws one 64-bit number from the global generator; then the sampler draws, if it does. Nothing of
    /// that waits until the first batch is asked for. A collator that draws random numbers works when a batch is asked for, on that thread, so that the
    /// numbers do not depend on <see cref="WorkerCount"/>.
    /// </remarks>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="skipBatches">
    /// Batches to leave out at the beginning, as after a resume: their examples are not read, but for an <see cref="IterableDataset"/>, which has no other way
    /// to get past them.
    /// </param>
    /// <param name="cancellation">Ends the wait for a batch.</param>
    /// <exception cref="InvalidDataException">While going through it: an example cannot be read or a batch not be made; the message names them.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int skipBatches = 0, CancellationToken cancellation = default)
    {
        DrawBaseSeed();
        var groups = _sampler is null
            ? ExampleGroup.Streamed(((IterableDataset)Dataset).Pass(epoch), BatchSize, dropLast, skipBatches)
            : _sampler.Batches(epoch, BatchSize, dropLast).Skip(skipBatches).Select(indices => ExampleGroup.Indexed(Dataset, indices));
        if (WorkerCount == 0)
            return groups.Select(group => group.Collate(collator));
        return collator.DrawsRandomNumbers
            ? Ahead(groups.Select(group => (Func<ExampleGroup>)group.Read), cancellation).Select(group => group.Collate(collator))
            : Ahead(groups.Select(group => (Func<Batch>)(() => group.Collate(collator))), cancellation);
    }

    private IEnumerable<T> Ahead<T>(IEnumerable<Func<T>> work, CancellationToken cancellation) =>
        Prefetch.InOrder(work, WorkerCount, WorkerCount * PrefetchFactor, cancellation);

    private static void DrawBaseSeed()
    {
        using var seed = empty(1, ScalarType.Int64);
        // Any range beyond 32 bits takes one 64-bit draw.
        seed.random_(0, 1L << 62);
    }
}
