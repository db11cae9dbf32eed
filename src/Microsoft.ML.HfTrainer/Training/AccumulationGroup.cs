using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>A part of the examples of an update, small enough for one forward and backward pass.</summary>
internal sealed class MicroBatch(Batch batch, double operations, long tokens) : IDisposable
{
    public Batch Batch { get; } = batch;

    /// <summary>The estimated number of floating-point operations.</summary>
    public double Operations { get; } = operations;

    /// <summary>The number of input tokens, if they are counted.</summary>
    public long Tokens { get; } = tokens;

    /// <summary>What the micro-batch added to the loss of the update, a scalar on the device; null before its forward pass.</summary>
    public Tensor? Loss { get; set; }

    public void Dispose()
    {
        Batch.Dispose();
        Loss?.Dispose();
    }
}

/// <summary>The micro-batches whose gradients an update accumulates.</summary>
internal sealed class AccumulationGroup : IDisposable
{
    private AccumulationGroup(IReadOnlyList<MicroBatch> microBatches) => MicroBatches = microBatches;

    public IReadOnlyList<MicroBatch> MicroBatches { get; }

    public int Count => MicroBatches.Count;

    /// <summary>Takes the micro-batches of the next update. All are there before the first is computed, since their labels are counted over the whole update.</summary>
    /// <param name="batches">The batches of the epoch; at its end the group may be smaller, or empty.</param>
    /// <param name="size">The number of micro-batches.</param>
    /// <param name="labels">Counts the labels.</param>
    /// <param name="work">Counts tokens and operations.</param>
    public static AccumulationGroup Take(IEnumerator<Batch> batches, int size, LabelCounter labels, WorkCounter work)
    {
        var taken = new List<Batch>(size);
        try
        {
            while (taken.Count < size && batches.MoveNext())
                taken.Add(batches.Current);
            labels.CountUpdate(taken);
            return new AccumulationGroup(taken.ConvertAll(batch => new MicroBatch(batch, work.Operations(batch), work.Tokens(batch))));
        }
        catch
        {
            taken.ForEach(batch => batch.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var microBatch in MicroBatches)
            microBatch.Dispose();
    }
}
