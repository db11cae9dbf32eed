namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>The checksum of zip archives (ISO 3309, reflected polynomial 0xEDB88320).</summary>
internal static class Crc32
{
    private static readonly uint[] _table = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c >> 1) ^ ((c & 1) * 0xedb88320u)))];

    /// <summary>The checksum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    /// <summary>The checksum of a part of a file.</summary>
    public static uint Of(ByteRegion file, long start, long length)
    {
        const int Slice = 1 << 20;
        var sum = uint.MaxValue;
        for (var done = 0L; done < length; done += Slice)
            sum = Add(sum, file.Slice(start + done, (int)Math.Min(Slice, length - done)));
        return ~sum;
    }

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            sum = (sum >> 8) ^ _table[(byte)sum ^ b];
        return sum;
    }
}
