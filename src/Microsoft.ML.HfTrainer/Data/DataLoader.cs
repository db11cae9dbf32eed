using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Cuts an order of examples into batches and collates them.</summary>
/// <param name="dataset">The examples.</param>
/// <param name="sampler">Their order.</param>
/// <param name="collator">Makes a batch of examples.</param>
/// <param name="batchSize">Examples a batch.</param>
/// <param name="dropLast">Whether a last batch with fewer examples is left out.</param>
public sealed class DataLoader(Dataset dataset, Sampler sampler, IDataCollator collator, int batchSize, bool dropLast = false)
{
    /// <summary>The examples.</summary>
    public Dataset Dataset { get; } = dataset;

    /// <summary>Examples a batch.</summary>
    public int BatchSize { get; } = batchSize;

    /// <summary>Batches an epoch.</summary>
    public int Count { get; } = dropLast ? dataset.Count / batchSize : (dataset.Count + batchSize - 1) / batchSize;

    /// <summary>The batches of an epoch (from 0), which the caller disposes.</summary>
    /// <remarks>Like every pass of the original's loader, it first draws one 64-bit number from the global generator.</remarks>
    public IEnumerable<Batch> Epoch(int epoch)
    {
        DrawBaseSeed();
        return sampler.Order(epoch).Chunk(BatchSize).Take(Count).Select(indices => collator.Collate([.. indices.Select(i => Dataset[i])]));
    }

    private static void DrawBaseSeed()
    {
        using var seed = empty(1, ScalarType.Int64);
        // Any range beyond 32 bits takes one 64-bit draw.
        seed.random_(0, 1L << 62).Dispose();
    }
}
