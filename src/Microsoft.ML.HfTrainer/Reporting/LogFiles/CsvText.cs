namespace Microsoft.ML.HfTrainer.Reporting.LogFiles;

/// <summary>Writes and reads a line of comma-separated values (RFC 4180). A value that contains a comma or a quote is quoted.</summary>
internal static class CsvText
{
    public static string Join(IEnumerable<string> values) => string.Join(',', values.Select(Quote));

    public static List<string> Split(string line)
    {
        var values = new List<string>();
        for (var start = 0; start <= line.Length;)
        {
            var end = EndOfValue(line, start);
            values.Add(Unquote(line[start..end]));
            start = end + 1;
        }
        return values;
    }

    private static int EndOfValue(string line, int start)
    {
        var quoted = false;
        for (var i = start; i < line.Length; i++)
        {
            if (line[i] == ',' && !quoted)
                return i;
            quoted ^= line[i] == '"';
        }
        return line.Length;
    }

    // Lines are read one by one: a line break within a value would end the row.
    private static string Quote(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.AsSpan().ContainsAny(',', '"') ? $"\"{line.Replace("\"", "\"\"")}\"" : line;
    }

    private static string Unquote(string value) => value.StartsWith('"') ? value[1..^1].Replace("\"\"", "\"") : value;
}
