using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>A JSON object of a tokenizer file; its errors give the path in the file.</summary>
internal readonly struct PartReader(JsonElement element, string place, LoadContext context)
{
    public JsonElement Element => element;

    /// <summary>The path of the element in the file.</summary>
    public string Place => place;

    public LoadContext Context => context;

    public InvalidDataException Error(string message) => context.Error(place, message);

    /// <summary>Returns the member, or null if it is absent or null.</summary>
    public PartReader? Child(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null
            ? new PartReader(child, place.Length == 0 ? name : $"{place}.{name}", context)
            : null;

    public PartReader Required(string name) => Child(name) ?? throw Error($"the field '{name}' is missing.");

    /// <summary>Returns a required object member.</summary>
    public PartReader Object(string name)
    {
        var child = Required(name);
        return child.Element.ValueKind == JsonValueKind.Object ? child : throw child.Expected("an object");
    }

    public bool Flag(string name, bool absent) => OptionalFlag(name) ?? absent;

    public bool? OptionalFlag(string name) => Child(name) is not { } child ? null : child.Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw child.Expected("true or false"),
    };

    public string Text(string name) => Required(name).AsText();

    public string? OptionalText(string name) => Child(name)?.AsText();

    public int Number(string name) => Required(name).AsNumber();

    public int? OptionalNumber(string name) => Child(name)?.AsNumber();

    /// <summary>Reads the elements of a required array member.</summary>
    public List<T> Items<T>(string name, Func<PartReader, T> read) => [.. Required(name).AsItems().Select(read)];

    public IEnumerable<PartReader> AsItems()
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Expected("an array");
        var (at, shared) = (place, context);
        return element.EnumerateArray().Select((item, i) => new PartReader(item, $"{at}[{i}]", shared));
    }

    public string AsText() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Expected("a string");

    public int AsNumber() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : throw Expected("an integer");

    /// <summary>Creates an exception about a value of the wrong kind.</summary>
    public InvalidDataException Expected(string expected)
    {
        var found = element.GetRawText();
        return Error($"expected {expected}, found {(found.Length > 40 ? found[..40] + "..." : found)}.");
    }
}
