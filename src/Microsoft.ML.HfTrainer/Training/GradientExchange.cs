using Microsoft.ML.HfTrainer.Distributed;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Adds gradients up over processes, in flat buckets.</summary>
internal static class GradientExchange
{
    /// <summary>The size of a bucket where none is given.</summary>
    public const int DefaultBucketMegabytes = 25;

    private const long Megabyte = 1 << 20;
    private const int BytesOfNumber = 4;

    /// <summary>Adds the gradients of all processes up and returns them; parameters that no process used have none.</summary>
    /// <param name="parameters">The parameters, the same in each process.</param>
    /// <param name="communicator">The processes.</param>
    /// <param name="bucketMegabytes">The size of a bucket.</param>
    public static Tensor[] Reduce(IEnumerable<Tensor> parameters, ICommunicator communicator, int bucketMegabytes)
    {
        var trained = parameters.ToArray();
        if (communicator.WorldSize > 1)
            foreach (var bucket in Buckets(trained.Where(p => p.requires_grad), bucketMegabytes * Megabyte / BytesOfNumber))
                Reduce(bucket, communicator);
        return [.. trained.Select(p => p.grad).OfType<Tensor>()];
    }

    private static IEnumerable<List<Tensor>> Buckets(IEnumerable<Tensor> parameters, long most)
    {
        var (bucket, size) = (new List<Tensor>(), 0L);
        foreach (var parameter in parameters)
        {
            if (size > 0 && size + parameter.numel() > most)
            {
                yield return bucket;
                (bucket, size) = ([], 0);
            }
            bucket.Add(parameter);
            size += parameter.numel();
        }
        if (size > 0)
            yield return bucket;
    }

    // A number for each parameter tells how many processes used it.
    private static void Reduce(List<Tensor> bucket, ICommunicator communicator)
    {
        using var scope = NewDisposeScope();
        var used = tensor(bucket.ConvertAll(p => p.grad is null ? 0f : 1f), device: bucket[0].device);
        var flat = cat([.. bucket.Select(p => (p.grad ?? zeros_like(p)).to(ScalarType.Float32).reshape(-1)), used]);
        communicator.AllReduce([flat], ReduceOperation.Sum);
        var start = 0L;
        var users = flat.narrow(0, flat.numel() - bucket.Count, bucket.Count).cpu().data<float>().ToArray();
        foreach (var (parameter, count) in bucket.Zip(users))
        {
            if (count > 0)
            {
                var sum = flat.narrow(0, start, parameter.numel()).view(parameter.shape);
                if (parameter.grad is { } gradient)
                    gradient.copy_(sum);
                else
                    parameter.grad = sum.to(parameter.dtype, copy: true).DetachFromDisposeScope();
            }
            start += parameter.numel();
        }
    }
}
