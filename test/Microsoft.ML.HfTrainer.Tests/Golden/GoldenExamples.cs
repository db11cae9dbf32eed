using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Examples and collators of golden runs.</summary>
internal static class GoldenExamples
{
    /// <summary>Examples of feature dictionaries.</summary>
    public static List<Example> Read(JsonElement rows) => [.. rows.EnumerateArray().Select(ReadOne)];

    private static Example ReadOne(JsonElement row)
    {
        var example = new Example();
        foreach (var feature in row.EnumerateObject())
            example[feature.Name] = Feature(feature.Name, feature.Value);
        return example;
    }

    private static Feature Feature(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return IsWhole(value) ? (Feature)value.GetInt32() : (float)value.GetDouble();
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.Number))
            GoldenFolder.Skip($"examples with a {value.ValueKind} such as '{name}'");
        return value.EnumerateArray().All(IsWhole)
            ? (Feature)value.EnumerateArray().Select(v => v.GetInt32()).ToArray()
            : value.EnumerateArray().Select(v => (float)v.GetDouble()).ToArray();
    }

    private static bool IsWhole(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny(".eE") < 0;
}
