using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Options by name: a JSON object, its text, or the path of a file with such text.</summary>
internal sealed class KeywordsType : ArgumentType
{
    public override string Expected => "a JSON object such as {\"name\": 1}, or the path of a file with one";

    public override object Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => FromObject(value, convertTexts: false),
        JsonValueKind.String => Parse([value.GetString()!]),
        _ => throw new FormatException(),
    };

    public override object Parse(IReadOnlyList<string> words)
    {
        var isObject = words[0].StartsWith('{');
        if (!isObject && !File.Exists(words[0]))
            throw new FormatException();
        try
        {
            using var document = JsonDocument.Parse(isObject ? words[0] : File.ReadAllText(words[0]));
            return document.RootElement.ValueKind == JsonValueKind.Object ? FromObject(document.RootElement, convertTexts: isObject) : throw new FormatException();
        }
        catch (JsonException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, object value) => WriteValue(writer, value);

    private static KeywordArguments FromObject(JsonElement value, bool convertTexts)
    {
        var keywords = new KeywordArguments();
        foreach (var entry in value.EnumerateObject())
            keywords[entry.Name] = FromJson(entry.Value, convertTexts);
        return keywords;
    }

    private static object? FromJson(JsonElement value, bool convertTexts) => value.ValueKind switch
    {
        JsonValueKind.Object => FromObject(value, convertTexts),
        JsonValueKind.Array => value.EnumerateArray().Select(entry => FromJson(entry, convertTexts: false)).ToArray(),
        JsonValueKind.String => convertTexts ? FromText(value.GetString()!) : value.GetString(),
        JsonValueKind.Number => value.TryGetInt32(out var whole) ? whole : (object)value.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        _ => null,
    };

    // On a command line, Hugging Face converts strings that look like a Boolean or a plain number; "1e-3" stays a string.
    private static object FromText(string text)
    {
        if (bool.TryParse(text, out var flag))
            return flag;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : text;
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int whole: writer.WriteNumberValue(whole); break;
            case long whole: writer.WriteNumberValue(whole); break;
            case float number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case KeywordArguments keywords: WriteObject(writer, keywords); break;
            case System.Collections.IEnumerable list and not string: WriteList(writer, list); break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, KeywordArguments keywords)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in keywords)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, System.Collections.IEnumerable list)
    {
        writer.WriteStartArray();
        foreach (var entry in list)
            WriteValue(writer, entry);
        writer.WriteEndArray();
    }
}
