using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>Converts JSON values to features.</summary>
internal static class JsonValue
{
    /// <summary>Converts a number, a Boolean, a string, a list of them, or a list of lists of numbers.</summary>
    /// <param name="json">The value.</param>
    /// <param name="position">The position of its row.</param>
    /// <param name="column">The name of its column.</param>
    /// <param name="type">The type of the column. If null, it is inferred from the value.</param>
    public static Feature Read(JsonElement json, FilePosition position, string column, FeatureType? type)
    {
        if (json.ValueKind != JsonValueKind.Array)
            return (type ?? TypeOf(json)) switch
            {
                FeatureType.Text => Text(json, position, column),
                FeatureType.Integer => Integer(json, position, column),
                FeatureType.Real => Real(json, position, column),
                _ => throw Wrong(json, position, column, "a number, a text, or a list of them"),
            };
        JsonElement[] items = [.. json.EnumerateArray()];
        if (items.Length > 0 && items.All(i => i.ValueKind == JsonValueKind.Array))
            return Rows(Array.ConvertAll(items, item => Read(item, position, column, type)), position, column);
        return (type ?? CommonType(items)) switch
        {
            FeatureType.Text => Array.ConvertAll(items, item => Text(item, position, column)),
            FeatureType.Integer => Array.ConvertAll(items, item => Integer(item, position, column)),
            FeatureType.Real => Array.ConvertAll(items, item => Real(item, position, column)),
            _ => throw Wrong(json, position, column, "a list of numbers, of texts, or of lists of numbers; the options can name the columns that are needed"),
        };
    }

    private static Feature Rows(Feature[] rows, FilePosition position, string column)
    {
        // An empty list may hold integers or real numbers.
        if (rows.Any(row => !row.IsInteger && !row.IsText))
            rows = Array.ConvertAll(rows, row => row.IsInteger ? row.ToReals() : row);
        try
        {
            return Feature.Stack(rows);
        }
        catch (ArgumentException inner)
        {
            throw position.Error($"column '{column}' holds lists that do not form a table. {inner.Message}", inner);
        }
    }

    private static FeatureType? TypeOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => FeatureType.Text,
        JsonValueKind.True or JsonValueKind.False => FeatureType.Integer,
        JsonValueKind.Number => IsWhole(json) ? FeatureType.Integer : FeatureType.Real,
        _ => null,
    };

    private static FeatureType? CommonType(JsonElement[] items)
    {
        var types = items.Select(TypeOf).Distinct().ToList();
        return types switch
        {
            [] => FeatureType.Integer,
            [var one] => one,
            _ when types.All(t => t is FeatureType.Integer or FeatureType.Real) => FeatureType.Real,
            _ => null,
        };
    }

    private static bool IsWhole(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny(".eE") < 0;

    private static string Text(JsonElement json, FilePosition position, string column) => json.ValueKind switch
    {
        JsonValueKind.String => Decode(json, position, column),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => json.GetRawText(),
        _ => throw Wrong(json, position, column, "a text"),
    };

    private static string Decode(JsonElement json, FilePosition position, string column)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(json, position, column, "valid Unicode; it contains an unpaired surrogate");
        }
    }

    private static int Integer(JsonElement json, FilePosition position, string column) => json.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number when json.TryGetInt32(out var whole) => whole,
        JsonValueKind.Number when json.TryGetDouble(out var real) && real == Math.Floor(real) && Math.Abs(real) <= int.MaxValue => (int)real,
        _ => throw Wrong(json, position, column, $"a whole number from {int.MinValue} to {int.MaxValue}, unless the options give the column another type or leave it out"),
    };

    private static float Real(JsonElement json, FilePosition position, string column) =>
        json.ValueKind == JsonValueKind.Number ? json.GetSingle() : throw Wrong(json, position, column, "a number");

    private static InvalidDataException Wrong(JsonElement json, FilePosition position, string column, string wanted)
    {
        var text = json.GetRawText();
        return position.Error(column, $"the value is {(text.Length > 60 ? text[..57] + "..." : text)}", wanted);
    }
}
