using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>Training in one process: what is reduced over all processes is what this one has.</summary>
internal sealed class SingleProcess : ICommunicator
{
    public int WorldSize => 1;

    public bool IsMain => true;

    public long AllReduce(long value, ReduceOperation operation) => value;

    public void AllReduce(IReadOnlyList<Tensor> tensors, ReduceOperation operation)
    {
    }

    public Tensor AllReduceNorm(Tensor norm) => norm;

    public void Broadcast(IReadOnlyList<Tensor> tensors)
    {
    }

    public Tensor AllGather(Tensor tensor) => tensor.clone();

    public Tensor ReduceScatter(Tensor tensor) => tensor.clone();

    public void Barrier()
    {
    }

    public void Abort(int code) => Environment.Exit(code);
}
