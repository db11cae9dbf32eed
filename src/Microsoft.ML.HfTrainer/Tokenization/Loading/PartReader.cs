using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tokenization.Loading;

/// <summary>A JSON object of a tokenizer file, with errors that say where in which file they are.</summary>
internal readonly struct PartReader(JsonElement element, string place, LoadContext context)
{
    public JsonElement Element => element;

    /// <summary>The path of the element inside the file.</summary>
    public string Place => place;

    public LoadContext Context => context;

    public InvalidDataException Error(string message) => context.Error(place, message);

    /// <summary>The member, or null where it is absent or null.</summary>
    public PartReader? Child(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null
            ? new PartReader(child, place.Length == 0 ? name : $"{place}.{name}", context)
            : null;

    public PartReader Required(string name) => Child(name) ?? throw Error($"the field '{name}' is missing.");

    /// <summary>An object that must be there.</summary>
    public PartReader Object(string name)
    {
        var child = Required(name);
        return child.Element.ValueKind == JsonValueKind.Object ? child : throw child.Unlike("an object");
    }

    public bool Flag(string name, bool absent) => OptionalFlag(name) ?? absent;

    public bool? OptionalFlag(string name) => Child(name) is not { } child ? null : child.Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw child.Unlike("true or false"),
    };

    public string Text(string name) => Required(name).AsText();

    public string? OptionalText(string name) => Child(name)?.AsText();

    public int Number(string name) => Required(name).AsNumber();

    public int? OptionalNumber(string name) => Child(name)?.AsNumber();

    /// <summary>The elements of an array that must be there, each made into something.</summary>
    public List<T> Items<T>(string name, Func<PartReader, T> read) => [.. Required(name).AsItems().Select(read)];

    public IEnumerable<PartReader> AsItems()
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Unlike("an array");
        var (at, shared) = (place, context);
        return element.EnumerateArray().Select((item, i) => new PartReader(item, $"{at}[{i}]", shared));
    }

    public string AsText() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Unlike("a string");

    public int AsNumber() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : throw Unlike("an integer");

    /// <summary>An error that says what was found in place of something else.</summary>
    public InvalidDataException Unlike(string expected)
    {
        var found = element.GetRawText();
        return Error($"found {(found.Length > 40 ? found[..40] + "..." : found)} where {expected} belongs.");
    }
}
