using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Formats.Pickle;

/// <summary>Turns a value of a pickle into JSON; numbers that JSON has not become texts, and what is neither text nor number nor a collection becomes null.</summary>
internal sealed class PickleJson
{
    // A pickle may hold one list or one text in many places, which JSON has to write out each time.
    private const int MaxValues = 1 << 20, MaxDepth = 32, CharactersAValue = 64;

    private long _values;

    private PickleJson()
    {
    }

    /// <exception cref="InvalidDataException">The value is too large or lies too deep, as one that holds itself.</exception>
    public static JsonNode? Of(object? value) => new PickleJson().Convert(value, 0);

    private JsonNode? Convert(object? value, int depth)
    {
        Charge(0, depth);
        return value switch
        {
            bool flag => JsonValue.Create(flag),
            long number => JsonValue.Create(number),
            BigInteger number => Text(number.ToString(CultureInfo.InvariantCulture), depth),
            double number => double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
            string text => Text(text, depth),
            List<object?> list => List(list, depth),
            PickleTuple tuple => List(tuple.Items, depth),
            PickleDictionary dictionary => Object(dictionary, depth),
            _ => null,
        };
    }

    private JsonValue Text(string text, int depth)
    {
        Charge(text.Length, depth);
        return JsonValue.Create(text);
    }

    private void Charge(int characters, int depth)
    {
        if ((_values += 1 + characters / CharactersAValue) > MaxValues || depth > MaxDepth)
            throw new InvalidDataException("a value is too large, or lies too deep");
    }

    private JsonArray List(IReadOnlyList<object?> items, int depth)
    {
        var array = new JsonArray();
        foreach (var item in items)
            array.Add(Convert(item, depth + 1));
        return array;
    }

    private JsonObject Object(PickleDictionary dictionary, int depth)
    {
        var fields = new JsonObject();
        foreach (var (key, value) in dictionary.Items)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{key}");
            Charge(name.Length, depth);
            fields[name] = Convert(value, depth + 1);
        }
        return fields;
    }
}
