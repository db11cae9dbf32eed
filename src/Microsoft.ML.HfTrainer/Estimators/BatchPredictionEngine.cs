using System.Threading.Channels;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Predicts single examples for many concurrent callers, such as the requests of a web service, in batches: requests that arrive while a batch is being computed form the next one.
/// Create it with <see cref="HfTrainerCatalog.CreateBatchPredictionEngine"/>. Unlike a <see cref="PredictionEngine{TSrc, TDst}"/>, it may be used by any number of threads at once.
/// </summary>
/// <typeparam name="TSrc">The class of examples.</typeparam>
/// <typeparam name="TDst">The class of predictions.</typeparam>
public sealed class BatchPredictionEngine<TSrc, TDst> : IDisposable, IAsyncDisposable where TSrc : class where TDst : class, new()
{
    // What a timer can wait for: an exception in the loop would leave all callers waiting.
    private static readonly TimeSpan _mostDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly IDisposable? _owned;
    private readonly int _maxBatchSize;
    private readonly TimeSpan _maxDelay;
    private readonly IEnumerable<TDst> _predictions;
    private readonly Channel<Request> _queue;
    private readonly Task _loop;
    private List<TSrc> _examples = [];
    private int _isDisposed;

    internal BatchPredictionEngine(MLContext mlContext, ITransformer model, BatchPredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatchSize, 1, nameof(options.MaxBatchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueCapacity, 1, nameof(options.QueueCapacity));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxDelay, TimeSpan.Zero, nameof(options.MaxDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxDelay, _mostDelay, nameof(options.MaxDelay));
        (_owned, _maxBatchSize, _maxDelay) = (options.OwnsTransformer ? model as IDisposable : null, options.MaxBatchSize, options.MaxDelay);
        // One view over whatever the batch is: ML.NET compiles code for each view.
        _predictions = mlContext.Data.CreateEnumerable<TDst>(model.Transform(mlContext.Data.LoadFromEnumerable(Examples())), reuseRowObject: false);
        // Columns that are missing or have the wrong type are refused here, not at the first request.
        Predict([]);
        _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        // One thread for all batches: libtorch keeps threads and memory for each thread that calls it.
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Predicts an example, together with those of other callers.</summary>
    /// <param name="example">The example.</param>
    /// <param name="cancellationToken">Cancels waiting for the prediction.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <remarks>If an example cannot be predicted, only its own caller gets the exception; the other examples of its batch are predicted.</remarks>
    public async Task<TDst> PredictAsync(TSrc example, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(example);
        var request = new Request(example, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(GetType().Name);
        }
        return await request.Result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the engine to new requests and waits until those that it has accepted are answered.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Closes the engine to new requests and waits until those that it has accepted are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            _owned?.Dispose();
    }

    private void Run()
    {
        var batch = new List<Request>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            if (_maxDelay > TimeSpan.Zero && _queue.Reader.Count < _maxBatchSize)
                Thread.Sleep(_maxDelay);
            while (batch.Count < _maxBatchSize && _queue.Reader.TryRead(out var request))
                if (!request.Cancellation.IsCancellationRequested)
                    batch.Add(request);
            Answer(batch);
            batch.Clear();
        }
    }

    private void Answer(List<Request> requests)
    {
        if (requests.Count == 0)
            return;
        try
        {
            foreach (var (request, result) in requests.Zip(Predict(requests.ConvertAll(request => request.Example))))
                request.Result.SetResult(result);
        }
        // Which of them is at fault shows when each is predicted by itself.
        catch (Exception) when (requests.Count > 1)
        {
            foreach (var request in requests)
                Answer([request]);
        }
        catch (Exception failure)
        {
            requests[0].Result.SetException(failure);
        }
    }

    private List<TDst> Predict(List<TSrc> examples)
    {
        _examples = examples;
        var results = _predictions.ToList();
        return results.Count == examples.Count ? results : throw new InvalidOperationException(
            $"The model returned {results.Count} rows for {examples.Count} examples; an engine needs a model that returns one row for each example, without filters and without the option ReturnOverflowingTokens of TokenizeHf.");
    }

    // Not the list itself, which ML.NET would take for data that does not change.
    private IEnumerable<TSrc> Examples()
    {
        foreach (var example in _examples)
            yield return example;
    }

    private sealed record Request(TSrc Example, CancellationToken Cancellation)
    {
        // Callers continue on threads of their own, not on that of the loop.
        public TaskCompletionSource<TDst> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
