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
    /// <summary>The number of this process, from 0.</summary>
    int Rank => 0;

    /// <summary>The number of processes.</summary>
    int WorldSize { get; }

    /// <summary>Indicates whether this process writes checkpoints, reports and the console for all.</summary>
    bool IsMain => Rank == 0;

    /// <summary>Combines a number over all processes.</summary>
    long AllReduce(long value, ReduceOperation operation);

    /// <summary>Combines tensors over all processes, in place and without waiting for the device.</summary>
    void AllReduce(IReadOnlyList<Tensor> tensors, ReduceOperation operation);

    /// <summary>Combines the L2 norm of the gradients that this process holds into the norm of the gradients of the whole model.</summary>
    /// <param name="norm">A scalar.</param>
    /// <returns>A scalar on the same device.</returns>
    Tensor AllReduceNorm(Tensor norm);

    /// <summary>Replaces tensors by those of the first process.</summary>
    void Broadcast(IReadOnlyList<Tensor> tensors);

    /// <summary>Collects a tensor of the same shape from each process.</summary>
    /// <param name="tensor">The tensor of this process, [rows, ...].</param>
    /// <returns>The tensors in the order of the processes, [processes * rows, ...].</returns>
    Tensor AllGather(Tensor tensor);

    /// <summary>Adds a tensor over all processes and divides the sum among them.</summary>
    /// <param name="tensor">The tensor of this process, [processes * rows, ...].</param>
    /// <returns>The part of this process, [rows, ...].</returns>
    Tensor ReduceScatter(Tensor tensor);

    /// <summary>Waits until all processes have come here.</summary>
    void Barrier();

    /// <summary>Ends all processes at once.</summary>
    /// <param name="code">The exit code.</param>
    void Abort(int code);
}
