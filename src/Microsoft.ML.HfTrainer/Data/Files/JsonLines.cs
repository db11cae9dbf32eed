using System.Text.Json;
using System.Text.Unicode;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>Reads the rows of a JSON Lines file as examples.</summary>
internal static class JsonLines
{
    /// <summary>Returns the rows of a file. Nested objects give columns such as <c>answer.text</c>; null values are left out.</summary>
    /// <exception cref="InvalidDataException">A line is not a JSON object, or a value does not have the type of its column; the message names file, line and column.</exception>
    public static IEnumerable<(FilePosition Position, Example Row)> Read(string path, DataFileOptions options)
    {
        foreach (var (number, bytes) in LineReader.Lines(path))
        {
            var position = new FilePosition(path, number);
            if (bytes.Span.Trim(" \t"u8).IsEmpty)
                continue;
            if (!Utf8.IsValid(bytes.Span))
                throw position.Error("the line is not valid UTF-8; save the file in that encoding.");
            yield return (position, ReadRow(bytes, position, options));
        }
    }

    private static Example ReadRow(ReadOnlyMemory<byte> bytes, FilePosition position, DataFileOptions options)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw position.Error($"the line is a JSON {Name(json.RootElement)}; it should be an object, such as {{\"text\": \"...\", \"label\": 1}}.");
            var row = new Example { Origin = position.ToString() };
            AddObject(row, "", json.RootElement, position, options);
            if (options.Columns?.FirstOrDefault(column => !row.ContainsKey(column)) is { } missing)
                throw position.Error($"the column '{missing}', which the options name, is missing or null; there are {string.Join(", ", json.RootElement.EnumerateObject().Select(p => p.Name))}.{NamedChoice.Suggestion(missing, json.RootElement.EnumerateObject().Select(p => p.Name))}");
            return row;
        }
        catch (InvalidOperationException inner)
        {
            throw position.Error("the name of a column contains an unpaired surrogate, which is not valid Unicode.", inner);
        }
        catch (JsonException inner)
        {
            throw position.Error($"the line is not valid JSON, from byte {inner.BytePositionInLine} on. {inner.Message}", inner);
        }
    }

    private static void AddObject(Example row, string prefix, JsonElement json, FilePosition position, DataFileOptions options)
    {
        foreach (var property in json.EnumerateObject())
        {
            var column = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
                AddObject(row, column + ".", property.Value, position, options);
            else if (property.Value.ValueKind != JsonValueKind.Null && options.Takes(column))
                row[column] = JsonValue.Read(property.Value, position, column, options.TypeOf(column));
        }
    }

    private static string Name(JsonElement json) => json.ValueKind.ToString().ToLowerInvariant();
}
