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
}
