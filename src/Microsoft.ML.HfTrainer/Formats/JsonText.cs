using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>Reading of JSON that a stranger wrote, and showing of its pieces in messages.</summary>
internal static class JsonText
{
    // Long enough for any real tensor name; a message stays readable whatever the file holds.
    private const int ShownLength = 120;

    /// <exception cref="JsonException">The text holds half of a surrogate pair.</exception>
    public static string ReadString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException($"a string at byte {reader.TokenStartIndex} is not valid Unicode text.", exception);
        }
    }

    /// <summary>Reads the object that the reader stands on; a key given twice is refused, for its two values have no right order.</summary>
    public static OrderedDictionary<string, string> ReadStringMap(ref Utf8JsonReader reader, string file, string field)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidDataException($"{file}: {field} is {ShowToken(ref reader)}; it must be an object whose values are strings.");
        }

        var map = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = ReadString(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new InvalidDataException($"{file}: {field} has {ShowToken(ref reader)} under {Show(key)}; its values must be strings.");
            }

            if (!map.TryAdd(key, ReadString(ref reader)))
            {
                throw new InvalidDataException($"{file}: {field} has the key {Show(key)} twice; a key may stand there once.");
            }
        }

        return map;
    }

    /// <summary>Quotes a piece of text from a file: shortened, and with nothing in it that could forge a line of a log.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, ShownLength)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '"' or '\\' or '\u2028' or '\u2029')
            {
                shown.Append("\\u").Append(((int)c).ToString("x4"));
            }
            else
            {
                shown.Append(c);
            }
        }

        return shown.Append(text.Length > ShownLength ? "...\"" : "\"").ToString();
    }

    /// <summary>Says what the reader stands on: the value itself where it is short, else its kind.</summary>
    public static string ShowToken(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.EndArray => "the end of the array",
        JsonTokenType.String => $"the string {Show(Prefix(ref reader))}",
        JsonTokenType.Number => $"the number {Prefix(ref reader)}",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => "null",
    };

    private static string Prefix(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> value = reader.ValueSpan;
        return Encoding.UTF8.GetString(value[..Math.Min(value.Length, ShownLength + 1)]);
    }
}
