using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The mode of a trainer: training, or evaluating and predicting outside training.</summary>
internal abstract class RunMode
{
    /// <summary>The token that ends the run: after the current update, or within an evaluation or a wait for data.</summary>
    public abstract CancellationToken Cancellation { get; }

    /// <summary>The number of input tokens counted before this run.</summary>
    public virtual long FirstToken => 0;

    /// <summary>Runs the backward pass of the loss of a micro-batch.</summary>
    public abstract void Backward(Tensor loss);

    /// <summary>Runs an evaluation, with the model and the random numbers prepared for it.</summary>
    public abstract T Evaluate<T>(Func<T> evaluation);

    /// <summary>Indicates whether an exception of user code is wrapped in one that names that code.</summary>
    public abstract bool Wraps(Exception failure);

    /// <summary>Saves the updates made so far, since an exception is about to end the run.</summary>
    /// <returns>true if there is a checkpoint of them.</returns>
    public abstract bool SaveBeforeFailing();
}
