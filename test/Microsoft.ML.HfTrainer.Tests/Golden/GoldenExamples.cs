using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Examples and collators of golden runs.</summary>
internal static class GoldenExamples
{
    /// <summary>Examples of feature dictionaries.</summary>
    public static List<Example> Read(JsonElement rows) => [.. rows.EnumerateArray().Select(ReadOne)];

    /// <summary>An example of features by name.</summary>
    public static Example Read(IEnumerable<KeyValuePair<string, JsonElement>> features) => new(features.Select(f => KeyValuePair.Create(f.Key, Feature(f.Value))));

    private static Example ReadOne(JsonElement row) => Read(row.EnumerateObject().Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private static Feature Feature(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => IsWhole(value) ? (Feature)value.GetInt32() : (float)value.GetDouble(),
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Array when value.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.Array) => HfTrainer.Feature.Stack([.. value.EnumerateArray().Select(Feature)]),
        JsonValueKind.Array => value.EnumerateArray().All(IsWhole)
            ? (Feature)value.EnumerateArray().Select(v => v.GetInt32()).ToArray()
            : value.EnumerateArray().Select(v => (float)v.GetDouble()).ToArray(),
        _ => default,
    };

    private static bool IsWhole(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny(".eE") < 0;
}
