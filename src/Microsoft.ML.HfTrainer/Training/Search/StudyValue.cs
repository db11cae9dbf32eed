using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Search;

/// <summary>Reads and writes the values of a study as JSON. Non-finite numbers are written as strings.</summary>
internal static class StudyValue
{
    public static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        writer.WritePropertyName(name);
        Write(writer, value);
    }

    public static void Write(Utf8JsonWriter writer, string name, SearchDistribution distribution)
    {
        writer.WriteStartObject(name);
        if (distribution is SearchRange range)
            WriteRange(writer, range);
        else
            WriteChoices(writer, ((SearchChoices)distribution).Values);
        writer.WriteEndObject();
    }

    public static object? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt32(out var whole) ? whole : value.GetDouble(),
        _ => value.GetString(),
    };

    public static double ReadNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble()
        : double.Parse(value.GetString()!, CultureInfo.InvariantCulture);

    public static SearchDistribution ReadDistribution(JsonElement value)
    {
        if (value.TryGetProperty("choices", out var choices))
            return new SearchChoices([.. choices.EnumerateArray().Select(Read)]);
        var (low, high, isLog) = (value.GetProperty("low").GetDouble(), value.GetProperty("high").GetDouble(), value.GetProperty("log").GetBoolean());
        double? step = value.TryGetProperty("step", out var found) ? found.GetDouble() : null;
        return value.GetProperty("whole").GetBoolean()
            ? new IntegerRange((int)low, (int)high, (int)step!.Value, isLog)
            : new NumberRange(low, high, step, isLog);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static void WriteRange(Utf8JsonWriter writer, SearchRange range)
    {
        writer.WriteBoolean("whole", range is IntegerRange);
        writer.WriteNumber("low", range.Low);
        writer.WriteNumber("high", range.High);
        if (range.Step is { } step)
            writer.WriteNumber("step", step);
        writer.WriteBoolean("log", range.IsLog);
    }

    private static void WriteChoices(Utf8JsonWriter writer, IReadOnlyList<object?> values)
    {
        writer.WriteStartArray("choices");
        foreach (var value in values)
            Write(writer, value);
        writer.WriteEndArray();
    }
}
