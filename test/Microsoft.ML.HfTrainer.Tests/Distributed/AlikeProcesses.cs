using Microsoft.ML.HfTrainer.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Distributed;

/// <summary>Processes that all have the values of this one, each with its own shard of the gradients.</summary>
internal sealed class AlikeProcesses(int count) : ICommunicator
{
    public int WorldSize => count;

    public bool IsMain => true;

    public long AllReduce(long value, ReduceOperation operation) => operation == ReduceOperation.Sum ? value * count : value;

    public void AllReduce(IReadOnlyList<Tensor> tensors, ReduceOperation operation)
    {
        if (operation == ReduceOperation.Sum)
            foreach (var tensor in tensors)
                tensor.mul_(count);
    }

    public Tensor AllReduceNorm(Tensor norm) => norm * MathF.Sqrt(count);

    public void Broadcast(IReadOnlyList<Tensor> tensors)
    {
    }

    public Tensor AllGather(Tensor tensor) => cat([.. Enumerable.Repeat(tensor, count)], 0);

    public Tensor ReduceScatter(Tensor tensor) => tensor.narrow(0, 0, tensor.shape[0] / count) * count;

    public void Barrier()
    {
    }

    public void Abort(int code) => Assert.Fail($"the processes are ended with {code}");
}
