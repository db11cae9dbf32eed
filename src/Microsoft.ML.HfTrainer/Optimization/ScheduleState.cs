using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>Reads and writes the numbers of a schedule's state. Non-finite numbers are the strings <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>.</summary>
internal static class ScheduleState
{
    public static JsonNode Of(double value) => double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    public static JsonArray Array(IEnumerable<double> values) => new([.. values.Select(Of)]);

    public static double Number(this JsonObject state, string name) => Parse(name, Required(state, name));

    public static int Integer(this JsonObject state, string name) => (int)Number(state, name);

    public static double[] Numbers(this JsonObject state, string name, int groups)
    {
        if (Required(state, name) is not JsonArray list)
            throw Wrong(name, state[name], "a list of numbers");
        return list.Count == groups ? [.. list.Select(n => Parse(name, n))] : throw Wrong(name, list, $"{groups} numbers, one for each parameter group");
    }

    private static JsonNode Required(JsonObject state, string name) =>
        state[name] ?? throw new InvalidDataException($"The schedule's state lacks '{name}'; it has {string.Join(", ", state.Select(field => field.Key))}. It was written by another schedule (TrainingArguments.LrSchedulerType has to be the same).");

    private static double Parse(string name, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
        JsonValueKind.String when double.TryParse(value.GetValue<string>(), CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong(name, value, "a number"),
    };

    private static InvalidDataException Wrong(string name, JsonNode? found, string expected) =>
        new($"The schedule's state has '{name}': {found?.ToJsonString() ?? "null"}; it should be {expected}.");
}
