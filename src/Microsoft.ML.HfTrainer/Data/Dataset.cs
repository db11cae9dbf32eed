using System.Collections;

namespace Microsoft.ML.HfTrainer;

/// <summary>A collection of examples with random access. Implementations support reading from several threads concurrently.</summary>
/// <remarks>For data whose length is not known in advance, or that can only be read sequentially, use <see cref="IterableDataset"/>.</remarks>
public abstract partial class Dataset : IReadOnlyList<Example>, IDisposable
{
    /// <summary>Gets the number of examples.</summary>
    /// <exception cref="NotSupportedException">The dataset is an <see cref="IterableDataset"/>.</exception>
    public abstract int Count { get; }

    /// <summary>Gets the number of examples, or null if it is not known in advance.</summary>
    public virtual int? KnownCount => Count;

    /// <summary>Gets the file that the examples come from, for messages; null if it is not known.</summary>
    internal virtual string? Source => null;

    /// <summary>Indicates whether reading an example may take long, as from a network, so that waiting for it should be cancelable.</summary>
    internal virtual bool MayStall => true;

    /// <summary>Gets the example at a zero-based index.</summary>
    public abstract Example this[int index] { get; }

    /// <inheritdoc/>
    public virtual IEnumerator<Example> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Creates a dataset from examples in memory.</summary>
    public static Dataset From(IEnumerable<Example> examples) => new InMemoryDataset([.. examples]);

    /// <summary>Releases the memory and, if there is one, the temporary file of the dataset.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the resources of the dataset.</summary>
    /// <param name="disposing">true if called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    private sealed class InMemoryDataset(List<Example> examples) : Dataset
    {
        public override int Count => examples.Count;

        internal override bool MayStall => false;

        public override Example this[int index] => examples[index];
    }
}
