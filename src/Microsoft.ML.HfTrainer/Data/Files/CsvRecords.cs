using System.Buffers;
using System.Text;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>Reads the records of a CSV file (RFC 4180).</summary>
/// <param name="path">The path of the file.</param>
/// <param name="delimiter">The character that separates values.</param>
/// <param name="quote">The character that may enclose values, or null if there is none.</param>
internal sealed class CsvRecords(string path, byte delimiter, byte? quote)
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _value = new();

    /// <summary>Returns the records with the lines at which they begin. Empty lines are skipped.</summary>
    /// <exception cref="InvalidDataException">A quote is not closed, text follows a closing quote, or the bytes are not valid UTF-8; the message names file and line.</exception>
    public IEnumerable<(FilePosition Position, IReadOnlyList<string> Values)> Read()
    {
        var record = new List<string>();
        var (begin, isOpen) = (default(FilePosition), false);
        foreach (var (number, line) in LineReader.Lines(path))
        {
            if (!isOpen)
                (record, begin) = ([], new FilePosition(path, number));
            isOpen = ReadLine(line.Span, isOpen, record, begin);
            if (!isOpen && record is not [""])
                yield return (begin, record);
        }
        if (isOpen)
            throw begin.Error("a quote of the row that begins here is not closed before the end of the file.");
    }

    // Returns whether a quote is still open at the end of the line, so that the value continues in the next line.
    private bool ReadLine(ReadOnlySpan<byte> line, bool isOpen, List<string> record, FilePosition begin)
    {
        if (isOpen)
            _value.Write("\n"u8);
        while (true)
        {
            if (isOpen || quote is { } mark && line.StartsWith(new ReadOnlySpan<byte>(ref mark)))
            {
                if (!ReadQuoted(ref line, isOpen))
                    return true;
                isOpen = false;
                if (!line.IsEmpty && line[0] != delimiter)
                    throw begin.Error($"'{Decode(line[..1], begin)}' follows a closing quote in value {record.Count + 1} of the row; a delimiter or the end of the row should. A quote within a quoted value is written twice.");
            }
            else
            {
                var end = line.IndexOf(delimiter);
                _value.Write(end < 0 ? line : line[..end]);
                line = end < 0 ? default : line[end..];
            }
            record.Add(Decode(_value.WrittenSpan, begin));
            _value.ResetWrittenCount();
            if (line.IsEmpty)
                return false;
            line = line[1..];
        }
    }

    // Removes the rest of a quoted value, including the closing quote, from the line; returns false if the line ends before the quote.
    private bool ReadQuoted(ref ReadOnlySpan<byte> line, bool isOpen)
    {
        var mark = quote!.Value;
        if (!isOpen)
            line = line[1..];
        while (line.IndexOf(mark) is >= 0 and var end)
        {
            var isDoubled = end + 1 < line.Length && line[end + 1] == mark;
            _value.Write(line[..(isDoubled ? end + 1 : end)]);
            line = line[(isDoubled ? end + 2 : end + 1)..];
            if (!isDoubled)
                return true;
        }
        _value.Write(line);
        return false;
    }

    private static string Decode(ReadOnlySpan<byte> bytes, FilePosition begin)
    {
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException inner)
        {
            throw begin.Error("the row is not valid UTF-8; save the file in that encoding.", inner);
        }
    }
}
