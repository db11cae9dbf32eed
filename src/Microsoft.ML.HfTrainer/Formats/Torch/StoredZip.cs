using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Formats.Torch;

/// <summary>One file of an archive.</summary>
/// <param name="Start">Where its bytes begin in the archive.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Checksum">Their CRC-32.</param>
internal readonly record struct StoredZipEntry(long Start, long Length, uint Checksum);

/// <summary>
/// The table of contents of a zip archive whose files are stored and not compressed, as PyTorch writes them: each file is a range of the archive, so nothing
/// can grow by being unpacked.
/// </summary>
internal static class StoredZip
{
    private const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, EndSignature = 0x06054b50, End64Signature = 0x06064b50, LocatorSignature = 0x07064b50;
    private const int LocalLength = 30, CentralLength = 46, EndLength = 22, End64Length = 56, LocatorLength = 20, MaxComment = ushort.MaxValue;

    /// <summary>Whether the file begins as a zip archive does.</summary>
    public static bool IsOne(ByteRegion file) => file.Length >= EndLength && BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(0, 4)) is LocalSignature or EndSignature;

    /// <summary>The files by name.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or a file in it is compressed or encrypted.</exception>
    public static IReadOnlyDictionary<string, StoredZipEntry> Read(ByteRegion file)
    {
        var (start, length, count) = FindTable(file);
        if (start < 0 || length < 0 || start > file.Length - length || length > int.MaxValue || count > length / CentralLength)
            throw new InvalidDataException("the archive's table of contents does not lie within the file; the file is truncated or damaged");
        var table = file.Slice(start, (int)length);
        var entries = new Dictionary<string, StoredZipEntry>(StringComparer.Ordinal);
        for (var i = 0L; i < count; i++)
        {
            var taken = ReadEntry(file, table, out var name, out var entry);
            if (!entries.TryAdd(name, entry))
                throw new InvalidDataException($"the archive holds {JsonText.Show(name)} twice");
            table = table[taken..];
        }
        return entries;
    }

    private static int ReadEntry(ByteRegion file, ReadOnlySpan<byte> table, out string name, out StoredZipEntry entry)
    {
        if (table.Length < CentralLength || BinaryPrimitives.ReadUInt32LittleEndian(table) != CentralSignature)
            throw new InvalidDataException("the archive's table of contents is damaged");
        int nameLength = Short(table, 28), extraLength = Short(table, 30), taken = CentralLength + nameLength + extraLength + Short(table, 32);
        if (taken > table.Length)
            throw new InvalidDataException("the archive's table of contents is damaged");
        name = Encoding.UTF8.GetString(table.Slice(CentralLength, nameLength));
        long packed = Int(table, 20), length = Int(table, 24), local = Int(table, 42);
        Widen(table.Slice(CentralLength + nameLength, extraLength), ref length, ref packed, ref local);
        if (Short(table, 10) != 0 || (Short(table, 8) & 1) != 0 || packed != length)
            throw new InvalidDataException($"{JsonText.Show(name)} in the archive is compressed or encrypted; PyTorch stores files as they are");
        entry = new StoredZipEntry(StartOf(file, local, length, name), length, (uint)Int(table, 16));
        return taken;
    }

    private static long StartOf(ByteRegion file, long local, long length, string name)
    {
        if (local >= 0 && local <= file.Length - LocalLength && file.Slice(local, LocalLength) is var header && BinaryPrimitives.ReadUInt32LittleEndian(header) == LocalSignature)
        {
            var start = local + LocalLength + Short(header, 26) + Short(header, 28);
            if (length >= 0 && start <= file.Length - length)
                return start;
        }
        throw new InvalidDataException($"{JsonText.Show(name)} does not lie within the file; the file is truncated or damaged");
    }

    private static (long Start, long Length, long Count) FindTable(ByteRegion file)
    {
        var tail = (int)Math.Min(file.Length, EndLength + MaxComment);
        var bytes = file.Slice(file.Length - tail, tail);
        for (var at = tail - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) != EndSignature)
                continue;
            var end = bytes.Slice(at, EndLength);
            long count = Short(end, 10), length = Int(end, 12), start = Int(end, 16);
            return count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue
                ? FindWideTable(file, file.Length - tail + at - LocatorLength)
                : (start, length, count);
        }
        throw new InvalidDataException("it begins as a zip archive but has no end; the file is truncated");
    }

    private static (long Start, long Length, long Count) FindWideTable(ByteRegion file, long locatorAt)
    {
        if (locatorAt >= 0 && file.Slice(locatorAt, LocatorLength) is var locator && BinaryPrimitives.ReadUInt32LittleEndian(locator) == LocatorSignature
            && BinaryPrimitives.ReadInt64LittleEndian(locator[8..]) is >= 0 and var at && at <= file.Length - End64Length
            && file.Slice(at, End64Length) is var end && BinaryPrimitives.ReadUInt32LittleEndian(end) == End64Signature)
            return (BinaryPrimitives.ReadInt64LittleEndian(end[48..]), BinaryPrimitives.ReadInt64LittleEndian(end[40..]), BinaryPrimitives.ReadInt64LittleEndian(end[32..]));
        throw new InvalidDataException("the archive's table of contents is damaged");
    }

    // Numbers too wide for their field stand in an extra field, in this order.
    private static void Widen(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            var size = Short(extra, 2);
            if (size > extra.Length - 4)
                return;
            if (Short(extra, 0) == 1)
            {
                var field = extra.Slice(4, size);
                Take(ref length, ref field);
                Take(ref packed, ref field);
                Take(ref local, ref field);
                return;
            }
            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref long value, ref ReadOnlySpan<byte> field)
    {
        if (value != uint.MaxValue || field.Length < 8)
            return;
        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
