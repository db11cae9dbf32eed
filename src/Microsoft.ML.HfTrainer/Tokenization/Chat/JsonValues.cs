using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat;

/// <summary>Converts JSON to template values and measures their size.</summary>
internal sealed class JsonValues
{
    private const int MaxDepth = 200;

    /// <summary>The approximate number of characters that the values created so far would have as text.</summary>
    public long Size { get; private set; }

    public object? Read(JsonNode? node) => Read(node, 0);

    private object? Read(JsonNode? node, int depth)
    {
        if (depth > MaxDepth)
            throw new ArgumentException($"The JSON is nested more than {MaxDepth} levels deep.");
        Size++;
        switch (node)
        {
            case JsonObject members:
                var mapping = new MappingValue(members.Count);
                foreach (var (name, value) in members)
                {
                    Size += name.Length;
                    mapping.Add(name, Read(value, depth + 1));
                }
                return mapping;
            case JsonArray elements:
                return new ListValue([.. elements.Select(element => Read(element, depth + 1))]);
            case JsonValue plain:
                return ReadPlain(plain);
            default:
                return null;
        }
    }

    private object? ReadPlain(JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                var text = ReadText(value);
                Size += text.Length;
                return text;
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetValue<bool>();
            case JsonValueKind.Number:
                return ReadNumber(value);
            default:
                return null;
        }
    }

    private static string ReadText(JsonValue value)
    {
        try
        {
            return value.TryGetValue<string>(out var text) ? text : JsonDocument.Parse(value.ToJsonString()).RootElement.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new ArgumentException($"The text at {value.GetPath()} of the JSON is not valid Unicode, for example a lone surrogate.", error);
        }
    }

    // A number created from a C# double is a floating-point number even if it is written without a fraction.
    private static object ReadNumber(JsonValue value)
    {
        var isReal = !value.TryGetValue<JsonElement>(out _)
            && (value.TryGetValue<double>(out _) || value.TryGetValue<float>(out _) || value.TryGetValue<decimal>(out _));
        var text = value.ToJsonString();
        return isReal || text.AsSpan().ContainsAny(".eE")
            ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
            : Integers.Normalize(BigInteger.Parse(text, CultureInfo.InvariantCulture));
    }
}
