using Microsoft.ML.HfTrainer.Data;
using Microsoft.ML.HfTrainer.Data.Sampling;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Reads the examples of a dataset in the order of a sampler and collates them into batches.</summary>
/// <param name="dataset">The dataset.</param>
/// <param name="sampler">The order of the examples. If null, that of the dataset. Not used for an <see cref="IterableDataset"/>.</param>
/// <param name="collator">Collates examples into a batch.</param>
/// <param name="batchSize">The number of examples per batch.</param>
/// <param name="dropLast">true to drop the last batch if it is incomplete. Default: false.</param>
public sealed class DataLoader(Dataset dataset, Sampler? sampler, IDataCollator collator, int batchSize, bool dropLast = false)
{
    private readonly Sampler? _sampler = dataset is IterableDataset ? null : sampler ?? new SequentialSampler(dataset.Count);

    /// <summary>Gets the dataset.</summary>
    public Dataset Dataset { get; } = dataset;

    /// <summary>Gets the number of examples per batch.</summary>
    public int BatchSize { get; } = batchSize >= 1 ? batchSize : throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, $"The batch size is {batchSize}; it should be at least 1.");

    /// <summary>Gets the number of batches per epoch, or null if the length of the dataset is not known.</summary>
    public int? Count => _sampler?.CountKeptBatches(BatchSize, dropLast, DropUnit);

    /// <summary>
    /// Gets the number of background threads that prepare batches in advance. If 0, each batch is prepared when it is requested. The batches are the same
    /// either way. Default: 0.
    /// </summary>
    public int WorkerCount
    {
        get;
        init => field = Bounds.AtLeast(0, value);
    }

    /// <summary>Gets the number of batches that each background thread prepares in advance. Default: 2.</summary>
    public int PrefetchFactor
    {
        get;
        init => field = Bounds.AtLeast(1, value);
    } = 2;

    /// <summary>
    /// The batch size by which examples are dropped at the end of an epoch: <see cref="BatchSize"/>, or a larger former one, so that smaller batches have the same
    /// examples.
    /// </summary>
    internal int DropUnit { get; set; } = batchSize;

    /// <summary>The part of the batches of a stream that this process takes; null for all. The sampler of a dataset has it already.</summary>
    internal BatchShare? Share { get; init; }

    /// <summary>Returns the batches of an epoch. The caller disposes them.</summary>
    /// <remarks>
    /// Like the PyTorch <c>DataLoader</c>, it first draws one 64-bit number from the global random generator, then lets the sampler draw; both happen in this call,
    /// before the first batch is requested. A collator that draws random numbers runs on the thread that requests the batch, so that the numbers do not depend
    /// on <see cref="WorkerCount"/>.
    /// </remarks>
    /// <param name="epoch">The zero-based epoch.</param>
    /// <param name="skipBatches">
    /// The number of batches to skip at the beginning, as when training resumes. Their examples are not read, except from an <see cref="IterableDataset"/>, which
    /// cannot skip them otherwise.
    /// </param>
    /// <param name="cancellation">A token that cancels waiting for a batch, even if the dataset stalls: examples are then read on another thread.</param>
    /// <exception cref="InvalidDataException">During enumeration: an example cannot be read or a batch cannot be collated; the message names the examples.</exception>
    public IEnumerable<Batch> Epoch(int epoch, long skipBatches = 0, CancellationToken cancellation = default)
    {
        using var turn = RandomState.TakeTurn();
        DrawBaseSeed();
        var indices = _sampler?.KeptBatches(epoch, BatchSize, dropLast, DropUnit).Skip((int)Math.Min(skipBatches, int.MaxValue));
        if (WorkerCount == 0 && !(cancellation.CanBeCanceled && Dataset.MayStall))
            return Groups(default).Select(Collate);
        return WorkerCount == 0 || collator.DrawsRandomNumbers
            ? OnOtherThreads<ExampleGroup>(group => group.Read, cancellation).Select(Collate)
            : OnOtherThreads<Batch>(group => () => group.Collate(collator), cancellation);

        IEnumerable<ExampleGroup> Groups(CancellationToken ended) => indices is null
            ? ExampleGroup.Streamed(((IterableDataset)Dataset).Pass(epoch, ended), JointSize(BatchSize), dropLast ? JointSize(DropUnit) : null, skipBatches, Share)
            : indices.Select(batch => ExampleGroup.Indexed(Dataset, batch));

        IEnumerable<T> OnOtherThreads<T>(Func<ExampleGroup, Func<T>> work, CancellationToken cancellation) => Prefetch.InOrder(
            ended => Groups(ended).Select(work), Math.Max(WorkerCount, 1), (int)Math.Min((long)WorkerCount * PrefetchFactor, int.MaxValue / 2), cancellation);
    }

    private int JointSize(int size) => Share?.JointSize(size) ?? size;

    // A collator that draws random numbers draws them in the turn of its run, for which others wait; examples are read before.
    private Batch Collate(ExampleGroup group)
    {
        if (!collator.DrawsRandomNumbers)
            return group.Collate(collator);
        var read = group.Read();
        using var turn = RandomState.TakeTurn();
        return read.Collate(collator);
    }

    private static void DrawBaseSeed()
    {
        using var seed = empty(1, ScalarType.Int64);
        // Any range beyond 32 bits takes one 64-bit draw.
        seed.random_(0, 1L << 62);
    }
}
