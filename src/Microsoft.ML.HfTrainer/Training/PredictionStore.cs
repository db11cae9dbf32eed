using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Keeps the outputs of batches on the CPU until they are concatenated.</summary>
internal sealed class PredictionStore : IDisposable
{
    private readonly List<List<Tensor>> _streams = [];

    /// <summary>Adds the tensors of a batch, each <c>[batch, ...]</c>, and takes ownership of them.</summary>
    public void Add(IReadOnlyList<Tensor> tensors)
    {
        while (_streams.Count < tensors.Count)
            _streams.Add([]);
        foreach (var (stream, tensor) in _streams.Zip(tensors))
            stream.Add(tensor.DetachFromDisposeScope());
    }

    /// <summary>Concatenates each output over all batches; the second dimension is padded with -100 to the longest.</summary>
    public IReadOnlyList<Tensor> Join() => [.. _streams.Select(Join)];

    private static Tensor Join(List<Tensor> batches)
    {
        if (batches[0].dim() < 2 || batches.All(b => b.shape[1] == batches[0].shape[1]))
            return cat(batches);
        var longest = batches.Max(b => b.shape[1]);
        long[] shape = [batches.Sum(b => b.shape[0]), longest, .. batches[0].shape[2..]];
        var joined = full(shape, Batch.IgnoredLabel, batches[0].dtype);
        using var scope = NewDisposeScope();
        var row = 0L;
        foreach (var batch in batches)
        {
            joined.narrow(0, row, batch.shape[0]).narrow(1, 0, batch.shape[1]).copy_(batch);
            row += batch.shape[0];
        }
        return joined;
    }

    public void Dispose()
    {
        foreach (var tensor in _streams.SelectMany(s => s))
            tensor.Dispose();
    }
}
