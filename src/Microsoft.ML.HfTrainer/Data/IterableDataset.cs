namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Examples that come one after the other, as many as there are: a file read line by line, a generator, a stream over a network. An epoch is one pass from
/// the beginning to the end.
/// </summary>
/// <remarks>
/// The length is not known: training needs <c>MaxSteps</c>, and the order of the examples is the stream's own. One thread reads a pass; passes may overlap.
/// </remarks>
public abstract partial class IterableDataset : Dataset
{
    /// <inheritdoc/>
    public sealed override int Count => throw new NotSupportedException("The length of an IterableDataset is not known; store its examples first (Cache), or use KnownCount.");

    /// <summary>Null.</summary>
    public sealed override int? KnownCount => null;

    /// <inheritdoc/>
    public sealed override Example this[int index] =>
        throw new NotSupportedException($"An IterableDataset can only be read from its beginning, not at the index {index}; store its examples first (Cache).");

    /// <summary>The examples of an epoch (from 0).</summary>
    public abstract IEnumerable<Example> Pass(int epoch);

    /// <inheritdoc/>
    public sealed override IEnumerator<Example> GetEnumerator() => Pass(0).GetEnumerator();

    /// <summary>A stream that is opened anew for each pass.</summary>
    /// <param name="open">Starts a pass.</param>
    public static IterableDataset From(Func<IEnumerable<Example>> open) => From(_ => open());

    /// <summary>A stream that is opened anew for each pass.</summary>
    /// <param name="open">Starts the pass of an epoch (from 0).</param>
    public static IterableDataset From(Func<int, IEnumerable<Example>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new OpenedDataset(open);
    }

    /// <summary>An asynchronous stream that is opened anew for each pass.</summary>
    /// <param name="open">Starts a pass.</param>
    public static IterableDataset From(Func<IAsyncEnumerable<Example>> open) => From(_ => open().ToBlockingEnumerable());

    private sealed class OpenedDataset(Func<int, IEnumerable<Example>> open) : IterableDataset
    {
        public override IEnumerable<Example> Pass(int epoch) => open(epoch);
    }
}
