namespace Microsoft.ML.HfTrainer;

/// <summary>A tensor to be written by <see cref="SafetensorsWriter"/>: its description, and the method that writes its bytes.</summary>
public sealed class SafetensorsTensor
{
    /// <summary>Describes a tensor whose bytes are produced when they are written, so that no second copy of a model is held in memory.</summary>
    /// <param name="name">The name.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The shape, outermost dimension first; empty for a scalar.</param>
    /// <param name="write">The method that writes the elements: row-major, little-endian, exactly as many bytes as the type and the shape require. It is called once for each file.</param>
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
    /// <param name="name">The name.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The shape, outermost dimension first; empty for a scalar.</param>
    /// <param name="bytes">The elements: row-major, little-endian.</param>
    public SafetensorsTensor(string name, SafetensorsDType dtype, IReadOnlyList<long> shape, ReadOnlyMemory<byte> bytes)
        : this(name, dtype, shape, stream => stream.Write(bytes.Span))
    {
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the element type.</summary>
    public SafetensorsDType DType { get; }

    /// <summary>Gets the shape, outermost dimension first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Gets the method that writes the elements.</summary>
    internal Action<Stream> Write { get; }
}
