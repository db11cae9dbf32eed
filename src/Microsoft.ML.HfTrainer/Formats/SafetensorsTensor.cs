namespace Microsoft.ML.HfTrainer;

/// <summary>A tensor for <see cref="SafetensorsWriter"/>: what the header says of it, and how to get its bytes when their turn comes.</summary>
public sealed class SafetensorsTensor
{
    /// <summary>Describes a tensor whose bytes are made when they are written, so that no second copy of a model is held.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The type of its elements.</param>
    /// <param name="shape">Its dimensions, outermost first; empty for a scalar.</param>
    /// <param name="write">Writes its elements: row-major, little-endian, exactly as many bytes as type and shape ask for. Called once a file.</param>
    public SafetensorsTensor(string name, SafetensorsDType dtype, IReadOnlyList<long> shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(write);
        Name = name;
        DType = dtype;
        Shape = [.. shape];
        Write = write;
    }

    /// <summary>Describes a tensor whose bytes are in memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">The type of its elements.</param>
    /// <param name="shape">Its dimensions, outermost first; empty for a scalar.</param>
    /// <param name="bytes">Its elements: row-major, little-endian.</param>
    public SafetensorsTensor(string name, SafetensorsDType dtype, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes)
        : this(name, dtype, shape, stream => stream.Write(bytes.Span))
    {
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The type of its elements.</summary>
    public SafetensorsDType DType { get; }

    /// <summary>Its dimensions, outermost first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Writes its elements.</summary>
    internal Action<Stream> Write { get; }
}
