using System.IO.Compression;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>Files of text as bytes: unpacked where they are packed, and without the mark at their beginning.</summary>
internal static class LineReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Opens a file; one whose name ends in .gz is unpacked.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The lines of a file without their ends, numbered from 1; a line's bytes are good until the next one is asked for.</summary>
    public static IEnumerable<(long Number, ReadOnlyMemory<byte> Bytes)> Lines(string path)
    {
        using var stream = Open(path);
        var (buffer, start, end) = (new byte[1 << 16], 0, 0);
        for (var (number, more) = (1L, true); more || start < end; number++)
        {
            int length;
            while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0 && more)
            {
                if (start > 0)
                    buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (end == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 2);
                var read = stream.Read(buffer.AsSpan(end));
                (end, more) = (end + read, read > 0);
            }
            if (length < 0 && start == end)
                yield break;
            var line = buffer.AsMemory(start, length < 0 ? end - start : length);
            start += line.Length + (length < 0 ? 0 : 1);
            if (number == 1 && line.Span.StartsWith(ByteOrderMark))
                line = line[ByteOrderMark.Length..];
            yield return (number, line.Span.EndsWith("\r"u8) ? line[..^1] : line);
        }
    }
}
