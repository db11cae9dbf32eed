namespace Microsoft.ML.HfTrainer.Formats.Torch;

/// <summary>A run of elements in the file, which several tensors may share.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="DType">The element type; null for plain bytes.</param>
/// <param name="Length">How many elements it has, or bytes.</param>
internal sealed record TorchStorage(string Key, SafetensorsDType? DType, long Length)
{
    private long _start;

    // The storage of which this one is a part, and the byte at which it begins in it.
    private (TorchStorage Storage, long Start)? _whole;

    /// <summary>Where it begins in the file.</summary>
    public long Start
    {
        get => _whole is { } whole ? whole.Storage.Start + whole.Start : _start;
        set => _start = value;
    }

    /// <summary>How many bytes it takes.</summary>
    public long ByteLength => Length * Width;

    private int Width => (DType?.Bits() ?? 8) / 8;

    /// <summary>A part of a storage.</summary>
    /// <exception cref="InvalidDataException">It does not lie within the storage.</exception>
    public static TorchStorage View(string key, long start, long length, TorchStorage whole) =>
        start >= 0 && length >= 0 && length <= whole.Length && start <= whole.Length - length
            ? new(key, whole.DType, length) { _whole = (whole, start * whole.Width) }
            : throw new InvalidDataException($"storage {JsonText.Show(key)}, elements {start} to {start + length}, does not lie within storage {JsonText.Show(whole.Key)}, which has {whole.Length}");
}

/// <summary>A view of a storage, checked to lie within it.</summary>
internal sealed class TorchTensor
{
    // PyTorch holds no more dimensions.
    private const int MaxRank = 64;

    // A view that repeats elements may be larger than the file; a large one is no weight but an attempt on the memory.
    private const long MaxRepeated = 1 << 20;

    private readonly TorchStorage _storage;
    private readonly long _offset;
    private readonly long[] _strides;

    /// <exception cref="InvalidDataException">The view does not lie within its storage.</exception>
    public TorchTensor(TorchStorage storage, SafetensorsDType dtype, long offset, long[] shape, long[] strides)
    {
        (_storage, DType, _offset, Shape, _strides, Width) = (storage, dtype, offset, shape, strides, dtype.Bits() / 8);
        if (shape.Length != strides.Length || shape.Length > MaxRank || offset < 0 || shape.Any(d => d < 0) || strides.Any(s => s < 0))
            throw Bad("is impossible");
        try
        {
            Count = shape.Aggregate(1L, (product, d) => checked(product * d));
            var last = Count == 0 ? offset - 1 : shape.Zip(strides).Aggregate(offset, (sum, d) => checked(sum + (d.First - 1) * d.Second));
            if (checked((last + 1) * Width) > storage.ByteLength || Count > Math.Max(storage.ByteLength / Width, MaxRepeated))
                throw Bad("does not lie within it");
        }
        catch (OverflowException)
        {
            throw Bad("overflows 64 bits");
        }
        IsContiguous = Contiguous();

        InvalidDataException Bad(string why) => new($"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} {why}: storage {JsonText.Show(storage.Key)} has {storage.ByteLength} bytes");
    }

    public SafetensorsDType DType { get; }

    public IReadOnlyList<long> Shape { get; }

    /// <summary>Its elements.</summary>
    public long Count { get; }

    /// <summary>The bytes of an element.</summary>
    public int Width { get; }

    /// <summary>Whether its elements lie in the file as they are given.</summary>
    public bool IsContiguous { get; }

    /// <summary>A part of its bytes, row-major: in place where it is contiguous, else gathered.</summary>
    public ReadOnlySpan<byte> GetBytes(ByteRegion file, long start, int length)
    {
        if (IsContiguous)
            return file.Slice(_storage.Start + _offset * Width + start, length);
        var gathered = new byte[length];
        Gather(file, start, gathered);
        return gathered;
    }

    // From any byte on: a slice may begin within an element.
    private void Gather(ByteRegion file, long start, Span<byte> target)
    {
        var index = new long[Shape.Count];
        var rest = start / Width;
        for (var d = index.Length - 1; d >= 0; d--)
            (rest, index[d]) = Math.DivRem(rest, Shape[d]);
        var skip = (int)(start % Width);
        while (target.Length > 0)
        {
            var place = _offset;
            for (var d = 0; d < index.Length; d++)
                place += index[d] * _strides[d];
            var taken = Math.Min(Width - skip, target.Length);
            file.Slice(_storage.Start + place * Width + skip, taken).CopyTo(target);
            target = target[taken..];
            skip = 0;
            for (var d = index.Length - 1; d >= 0 && ++index[d] == Shape[d]; d--)
                index[d] = 0;
        }
    }

    private bool Contiguous()
    {
        var expected = 1L;
        for (var d = Shape.Count - 1; d >= 0; d--)
        {
            if (Shape[d] != 1 && _strides[d] != expected)
                return Count == 0;
            expected *= Shape[d];
        }
        return true;
    }
}
