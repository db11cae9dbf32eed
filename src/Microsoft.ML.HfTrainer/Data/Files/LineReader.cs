using System.IO.Compression;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>Reads the lines of text files as bytes, decompressed and without a byte order mark.</summary>
internal static class LineReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Opens a file for reading; a file whose name ends in .gz is decompressed.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>
    /// Returns the lines of a file without line breaks, with their one-based numbers. The bytes of a line are valid until the next line is requested.
    /// </summary>
    public static IEnumerable<(long Number, ReadOnlyMemory<byte> Bytes)> Lines(string path)
    {
        using var stream = Open(path);
        var (buffer, start, end) = (new byte[1 << 16], 0, 0);
        byte? terminator = null;
        for (var (number, more) = (1L, true); more || start < end; number++)
        {
            int length;
            while ((length = EndOfLine(buffer.AsSpan(start, end - start), more, ref terminator)) < 0 && more)
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

    // Lines end with \n, \r\n or \r alone; the first line break of a file decides which.
    private static int EndOfLine(ReadOnlySpan<byte> bytes, bool more, ref byte? terminator)
    {
        if (terminator is null && bytes.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var first && (first + 1 < bytes.Length || !more))
            terminator = bytes[first] == '\r' && (first + 1 == bytes.Length || bytes[first + 1] != '\n') ? (byte)'\r' : (byte)'\n';
        return terminator is { } end ? bytes.IndexOf(end) : -1;
    }
}
