using System.Buffers.Binary;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A safetensors file, open for reading. Opening it checks the whole header and maps the file into memory; the bytes of a tensor are read from disk when they are
/// accessed. Several threads may read one file at a time.
/// </summary>
/// <remarks>
/// The layout: the length of the header (8 bytes, little-endian), the header (JSON that maps the name of each tensor to its type, shape and
/// position), then the tensors without gaps. See https://github.com/huggingface/safetensors.
/// </remarks>
public sealed class SafetensorsFile : IWeightFile
{
    private const int PrefixLength = sizeof(ulong);

    // The number of bytes that CopyTo writes at a time.
    private const int CopyLength = 1 << 20;

    private readonly ByteRegion _content;
    private readonly SafetensorsHeader _header;
    private readonly long _dataStart;

    private SafetensorsFile(string path, ByteRegion content)
    {
        Path = path;
        _content = content;
        int headerLength = ReadHeaderLength(path, content);
        _dataStart = PrefixLength + headerLength;
        _header = SafetensorsHeader.Parse(path, content.Slice(PrefixLength, headerLength), content.Length - _dataStart);
    }

    /// <summary>Gets the path of the file, or the name that was passed to <see cref="Read"/>.</summary>
    public string Path { get; }

    /// <summary>Gets the metadata that the writer added (<c>__metadata__</c>), such as <c>format</c>: <c>pt</c>; empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    // safetensors' save_model notes there which names it left out, and under which name the same memory was written.
    IReadOnlyDictionary<string, string> IWeightFile.Aliases => Metadata;

    /// <summary>Gets the tensors by name, in the order of their positions in the file.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _header.Entries;

    /// <summary>Maps a file and checks its header.</summary>
    /// <param name="path">The file. It must not be modified while it is open; it may be replaced by renaming another file.</param>
    /// <exception cref="InvalidDataException">The file breaks a rule of the format; the message says which.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Over(path, ByteRegion.Map(path));
    }

    /// <summary>Reads the same format from memory, without copying it; the memory stays pinned until the file is disposed.</summary>
    /// <param name="name">The name to use in messages.</param>
    /// <param name="content">The bytes of a whole file.</param>
    /// <exception cref="InvalidDataException">The bytes break a rule of the format; the message says which.</exception>
    public static SafetensorsFile Read(string name, ReadOnlyMemory<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Over(name, ByteRegion.Pin(content));
    }

    /// <summary>Returns the bytes of a tensor, little-endian, without copying them. The span is valid until the file is disposed.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="InvalidOperationException">The tensor is larger than a span can be (2 GiB): read it in slices.</exception>
    public ReadOnlySpan<byte> GetBytes(string name)
    {
        SafetensorsEntry entry = Find(name);
        if (entry.ByteLength > int.MaxValue)
        {
            throw new InvalidOperationException($"{Path}: tensor {JsonText.Show(name)} has {entry.ByteLength} bytes and a span holds at most "
                + $"{int.MaxValue}; read it slice by slice with GetBytes(name, start, length).");
        }

        return _content.Slice(_dataStart + entry.Offset, (int)entry.ByteLength);
    }

    /// <summary>Returns a slice of the bytes of a tensor without copying them. Tensors of any size can be read in slices.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="start">The start of the slice, in bytes from the start of the tensor.</param>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The slice is not within the tensor.</exception>
    public ReadOnlySpan<byte> GetBytes(string name, long start, int length)
    {
        SafetensorsEntry entry = Find(name);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, entry.ByteLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, entry.ByteLength - start);
        return _content.Slice(_dataStart + entry.Offset + start, length);
    }

    /// <summary>Writes the bytes of a tensor of any length to a stream.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">The stream.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    public void CopyTo(string name, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        long length = Find(name).ByteLength;
        for (long start = 0; start < length; start += CopyLength)
        {
            destination.Write(GetBytes(name, start, (int)Math.Min(CopyLength, length - start)));
        }
    }

    /// <summary>Unmaps the file. Spans that were returned must not be used any more.</summary>
    public void Dispose() => _content.Dispose();

    private static SafetensorsFile Over(string path, ByteRegion content)
    {
        try
        {
            return new SafetensorsFile(path, content);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static int ReadHeaderLength(string path, ByteRegion content)
    {
        if (content.Length < PrefixLength)
        {
            throw new InvalidDataException($"{path}: the file has {content.Length} bytes; a safetensors file starts with {PrefixLength} that give "
                + "the length of its header.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(content.Slice(0, PrefixLength));
        if (length > SafetensorsHeader.MaxLength)
        {
            throw new InvalidDataException($"{path}: the header's length is given as {length} bytes; at most {SafetensorsHeader.MaxLength} are "
                + "allowed. It may be no safetensors file.");
        }

        if ((long)length > content.Length - PrefixLength)
        {
            throw new InvalidDataException($"{path}: the header's length is given as {length} bytes, but only {content.Length - PrefixLength} follow; "
                + "the file is truncated, or no safetensors file.");
        }

        return (int)length;
    }

    private SafetensorsEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Entries.TryGetValue(name, out SafetensorsEntry? entry)
            ? entry
            : throw new KeyNotFoundException($"{Path}: there is no tensor {JsonText.Show(name)} among its {Entries.Count}.");
    }
}
