using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Rules for parameter groups: a JSON list of objects, or its text.</summary>
internal sealed class ParameterGroupsType : ArgumentType
{
    private const string Pattern = "pattern", LearningRate = "learning_rate", WeightDecay = "weight_decay";

    public override string Expected => "a JSON list such as [{\"pattern\": \"^classifier\", \"learning_rate\": 1e-3, \"weight_decay\": 0}]";

    public override object Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => (ParameterGroupRule[])[.. value.EnumerateArray().Select(ReadRule)],
        JsonValueKind.String => Parse([value.GetString()!]),
        _ => throw new FormatException(),
    };

    public override object Parse(IReadOnlyList<string> words)
    {
        try
        {
            using var document = JsonDocument.Parse(words[0]);
            return document.RootElement.ValueKind == JsonValueKind.Array ? Read(document.RootElement) : throw new FormatException();
        }
        catch (JsonException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartArray();
        foreach (var rule in (IReadOnlyList<ParameterGroupRule>)value)
        {
            writer.WriteStartObject();
            writer.WriteString(Pattern, rule.Pattern);
            if (rule.LearningRate is { } rate)
                writer.WriteNumber(LearningRate, rate);
            if (rule.WeightDecay is { } decay)
                writer.WriteNumber(WeightDecay, decay);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static ParameterGroupRule ReadRule(JsonElement rule)
    {
        if (rule.ValueKind != JsonValueKind.Object || rule.EnumerateObject().Any(field => field.Name is not (Pattern or LearningRate or WeightDecay)))
            throw new FormatException();
        return rule.TryGetProperty(Pattern, out var pattern) && pattern.ValueKind == JsonValueKind.String
            ? new ParameterGroupRule(pattern.GetString()!, Number(rule, LearningRate), Number(rule, WeightDecay))
            : throw new FormatException();
    }

    private static double? Number(JsonElement rule, string name) => rule.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
        ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw new FormatException()
        : null;
}
