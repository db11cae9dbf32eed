using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>How an all-reduce combines the values of the processes.</summary>
internal enum ReduceOperation
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest of them.</summary>
    Max,
}

/// <summary>Connects the processes that train one model together. All of them make the same calls in the same order.</summary>
internal interface ICommunicator
{
    /// <summary>The number of processes.</summary>
    int WorldSize { get; }

    /// <summary>Indicates whether this process writes checkpoints, reports and the console for all.</summary>
    bool IsMain { get; }

    /// <summary>Combines a number over all processes.</summary>
    long AllReduce(long value, ReduceOperation operation);

    /// <summary>Combines tensors over all processes, in place and without waiting for the device.</summary>
    void AllReduce(IReadOnlyList<Tensor> tensors, ReduceOperation operation);

    /// <summary>Combines the L2 norm of the gradients that this process holds into the norm of the gradients of the whole model.</summary>
    /// <param name="norm">A scalar.</param>
    /// <returns>A scalar on the same device.</returns>
    Tensor AllReduceNorm(Tensor norm);
}
