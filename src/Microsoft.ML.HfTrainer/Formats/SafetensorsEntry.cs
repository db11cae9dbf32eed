using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>The description of one tensor in the header of a safetensors file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">The shape, outermost dimension first; empty for a scalar.</param>
/// <param name="Offset">The position of its first byte, relative to the first byte after the header, as in <c>data_offsets</c>.</param>
/// <param name="ByteLength">The size in bytes. Elements are stored in row-major order, little-endian, without gaps.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsDType DType, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Returns true if both describe the same tensor at the same position; shapes are compared by their dimensions.</summary>
    /// <param name="other">The entry to compare with.</param>
    public bool Equals(SafetensorsEntry? other) =>
        other is not null && Name == other.Name && DType == other.DType && Offset == other.Offset && ByteLength == other.ByteLength
        && Shape.SequenceEqual(other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, DType, Offset, ByteLength);

    /// <summary>Returns for example <c>embeddings.weight F32 [30522, 384]</c>.</summary>
    public override string ToString() => $"{Name} {DType.Name()} [{string.Join(", ", Shape)}]";
}
