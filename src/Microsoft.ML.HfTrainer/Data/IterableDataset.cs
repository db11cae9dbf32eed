namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A stream of examples that are read sequentially, such as the lines of a file, a generator or data from a network. An epoch is one pass from the beginning to the
/// end.
/// </summary>
/// <remarks>
/// The length is not known, so training requires <see cref="TrainingArguments.MaxSteps"/>, and the order of the examples is that of the stream. Each pass is read by a
/// single thread; several passes may be open at the same time.
/// </remarks>
public abstract partial class IterableDataset : Dataset
{
    /// <inheritdoc/>
    public sealed override int Count => throw new NotSupportedException("The length of an IterableDataset is not known; use KnownCount, or call Cache to store the examples.");

    /// <summary>Gets null, since the length of a stream is not known.</summary>
    public sealed override int? KnownCount => null;

    /// <inheritdoc/>
    public sealed override Example this[int index] =>
        throw new NotSupportedException($"An IterableDataset can only be read sequentially, not at the index {index}; call Cache to store the examples.");

    /// <summary>Returns the examples of an epoch.</summary>
    /// <param name="epoch">The zero-based epoch.</param>
    public abstract IEnumerable<Example> Pass(int epoch);

    /// <summary>Returns the examples of an epoch.</summary>
    /// <param name="epoch">The zero-based epoch.</param>
    /// <param name="cancellation">A token that is canceled when no more examples are wanted, for sources that can end waiting.</param>
    internal virtual IEnumerable<Example> Pass(int epoch, CancellationToken cancellation) => Pass(epoch);

    /// <inheritdoc/>
    public sealed override IEnumerator<Example> GetEnumerator() => Pass(0).GetEnumerator();

    /// <summary>Creates a stream from a function that is called for each pass.</summary>
    /// <param name="open">Returns the examples of a pass.</param>
    public static IterableDataset From(Func<IEnumerable<Example>> open) => From(_ => open());

    /// <summary>Creates a stream from a function that is called for each pass.</summary>
    /// <param name="open">Returns the examples of a pass, given the zero-based epoch.</param>
    public static IterableDataset From(Func<int, IEnumerable<Example>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return From((epoch, _) => open(epoch));
    }

    /// <summary>Creates a stream from a function that is called for each pass and returns an asynchronous stream.</summary>
    /// <param name="open">
    /// Returns the examples of a pass. Its <see cref="IAsyncEnumerable{T}.GetAsyncEnumerator"/> receives a token that is canceled when no more examples are wanted, as
    /// when training is canceled.
    /// </param>
    public static IterableDataset From(Func<IAsyncEnumerable<Example>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return From((_, cancellation) => open().ToBlockingEnumerable(cancellation));
    }

    private static OpenedDataset From(Func<int, CancellationToken, IEnumerable<Example>> open) => new(open);

    private sealed class OpenedDataset(Func<int, CancellationToken, IEnumerable<Example>> open) : IterableDataset
    {
        public override IEnumerable<Example> Pass(int epoch) => Pass(epoch, default);

        internal override IEnumerable<Example> Pass(int epoch, CancellationToken cancellation) => open(epoch, cancellation);
    }
}
