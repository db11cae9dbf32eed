namespace Microsoft.ML.HfTrainer;

/// <summary>Options of <see cref="BatchPredictionEngine{TSrc, TDst}"/>.</summary>
public sealed class BatchPredictionOptions
{
    /// <summary>Gets or sets the maximum number of requests in a batch, at least 1. Default: 64.</summary>
    public int MaxBatchSize { get; set; } = 64;

    /// <summary>
    /// Gets or sets the time to wait for further requests while fewer than <see cref="MaxBatchSize"/> are waiting, at most 24 days. Default: zero. Requests that arrive while a batch is
    /// being computed form the next batch, so batches grow with the load even without a delay.
    /// </summary>
    public TimeSpan MaxDelay { get; set; }

    /// <summary>Gets or sets the maximum number of requests in the queue, at least 1. If the queue is full, callers wait until there is room. Default: 1024.</summary>
    public int QueueCapacity { get; set; } = 1024;

    /// <summary>Gets or sets whether disposing the engine disposes the model. Default: false.</summary>
    public bool OwnsTransformer { get; set; }
}
