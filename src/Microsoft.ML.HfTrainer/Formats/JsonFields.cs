using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer;

/// <summary>The fields of a JSON object, read by type. A field that is missing or has another type gives an error that names the file, the field and what was found.</summary>
public class JsonFields
{
    internal JsonFields(string source, JsonObject fields)
    {
        Source = source;
        Fields = fields;
    }

    /// <summary>The file or folder that the object was read from, for messages.</summary>
    public string Source { get; }

    private protected JsonObject Fields { get; }

    /// <summary>Reads a JSON object from UTF-8 text.</summary>
    /// <param name="source">The name of its origin, for messages.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not a JSON object.</exception>
    internal static JsonFields Read(string source, ReadOnlySpan<byte> json) => new(source, StrictJson.ParseObject($"{source}: the content", json));

    /// <summary>Returns an independent copy.</summary>
    public virtual JsonFields Clone() => new(Source, (JsonObject)Fields.DeepClone());

    /// <summary>Returns the object as indented JSON with sorted keys, byte for byte as Python's <c>json.dumps(indent=2, sort_keys=True)</c> writes it.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Sorted((JsonNode)Fields)!.WriteTo(writer);
        }
        var text = new StringBuilder((int)buffer.Length + 1);
        foreach (var c in Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length))
            _ = c < 0x80 ? text.Append(c) : text.Append("\\u").Append(((int)c).ToString("x4"));
        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>Sets a field.</summary>
    /// <param name="field">The name of the field.</param>
    /// <param name="value">The value. If null, a JSON null is written.</param>
    public void Set(string field, JsonNode? value) => Fields[field] = value;

    /// <summary>Returns a copy of the value of a field; null if it is missing or null.</summary>
    internal JsonNode? Copy(string field) => Fields[field]?.DeepClone();

    /// <summary>Removes a field.</summary>
    internal void Remove(string field) => Fields.Remove(field);

    /// <summary>The integer fields and their values.</summary>
    internal IEnumerable<(string Field, long Value)> Integers =>
        Fields.Select(f => (f.Key, Value: Integer(f.Value))).Where(f => f.Value is not null).Select(f => (f.Key, f.Value!.Value));

    /// <summary>Returns true if the field is present and not null.</summary>
    public bool Has(string field) => Find(field) is not null;

    /// <summary>Returns a required integer.</summary>
    /// <exception cref="InvalidDataException">The field is missing or not an integer.</exception>
    public int GetInt(string field) => GetIntOrNull(field) ?? throw Error(field, "is missing", "a whole number");

    /// <summary>Returns an integer, or <paramref name="otherwise"/> if the field is missing or null.</summary>
    public int GetInt(string field, int otherwise) => GetIntOrNull(field) ?? otherwise;

    /// <summary>Returns a required size: an integer above 0.</summary>
    /// <exception cref="InvalidDataException">The field is missing or not an integer above 0.</exception>
    public int GetSize(string field) => GetInt(field) is > 0 and var size ? size : throw Error(field, $"is {GetInt(field)}", "a number above 0");

    /// <summary>Returns a size, an integer above 0, or <paramref name="otherwise"/> if the field is missing or null.</summary>
    public int GetSize(string field, int otherwise) => Has(field) ? GetSize(field) : otherwise;

    /// <summary>Returns an integer, or null if the field is missing or null.</summary>
    public int? GetIntOrNull(string field) =>
        !Has(field) ? null : Integer(Find(field)) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw Mistyped(field, "a whole number");

    /// <summary>Returns a number, or <paramref name="otherwise"/> if the field is missing or null.</summary>
    public double GetDouble(string field, double otherwise) => !Has(field) ? otherwise : Number(Find(field)) ?? throw Mistyped(field, "a number");

    /// <summary>Returns a probability, or <paramref name="otherwise"/> if the field is missing or null.</summary>
    public double GetProbability(string field, double otherwise) =>
        GetDouble(field, otherwise) is >= 0 and <= 1 and var p ? p : throw Error(field, FormattableString.Invariant($"is {GetDouble(field, otherwise)}"), "a probability from 0 to 1");

    /// <summary>Returns a number, null if the field is null, or <paramref name="otherwise"/> if it is missing.</summary>
    internal double? GetDoubleOrNull(string field, double? otherwise) => TryFind(field, out _) ? Has(field) ? GetDouble(field, 0) : null : otherwise;

    /// <summary>Returns an integer, null if the field is null, or <paramref name="otherwise"/> if it is missing.</summary>
    internal int? GetIntOrNull(string field, int? otherwise) => TryFind(field, out _) ? GetIntOrNull(field) : otherwise;

    /// <summary>Returns a Boolean, or <paramref name="otherwise"/> if the field is missing or null.</summary>
    public bool GetBool(string field, bool otherwise) => Find(field)?.GetValueKind() switch
    {
        null => otherwise,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Mistyped(field, "true or false"),
    };

    /// <summary>Returns a required string.</summary>
    /// <exception cref="InvalidDataException">The field is missing or not a string.</exception>
    public string GetString(string field) => GetString(field, null) ?? throw Error(field, "is missing", "a text");

    /// <summary>Returns a string, or <paramref name="otherwise"/> if the field is missing or null.</summary>
    [return: NotNullIfNotNull(nameof(otherwise))]
    public string? GetString(string field, string? otherwise) => !Has(field) ? otherwise : Text(Find(field)) ?? throw Mistyped(field, "a text");

    /// <summary>Returns the numbers of an array, or null if the field is missing or null.</summary>
    internal IReadOnlyList<double>? GetNumbers(string field)
    {
        const string Expected = "a list of numbers";
        return GetArray(field, Expected)?.Select(item => Number(item) ?? throw Mistyped(field, Expected)).ToList();
    }

    /// <summary>Returns the strings of an array, or null if the field is missing or null.</summary>
    internal IReadOnlyList<string>? GetTexts(string field)
    {
        const string Expected = "a list of texts";
        return GetArray(field, Expected)?.Select(item => Text(item) ?? throw Mistyped(field, Expected)).ToList();
    }

    /// <summary>Returns the strings of an object by key, without those that are null; null if the field is missing or null.</summary>
    internal IReadOnlyDictionary<string, string>? GetTextMap(string field)
    {
        const string Expected = "an object of texts";
        if (!Has(field))
            return null;
        var texts = Find(field) as JsonObject ?? throw Mistyped(field, Expected);
        return texts.Where(text => text.Value is not null).ToDictionary(text => text.Key, text => Text(text.Value) ?? throw Mistyped(field, Expected));
    }

    /// <summary>Returns true if the field is a string.</summary>
    internal bool IsText(string field) => Text(Find(field)) is not null;

    /// <summary>Returns the fields of an object, or null if the field is missing or null.</summary>
    /// <exception cref="InvalidDataException">The field is not an object.</exception>
    public JsonFields? Section(string field) =>
        !Has(field) ? null : Find(field) is JsonObject fields ? new JsonFields($"{Source}: in \"{field}\"", fields) : throw Mistyped(field, "an object");

    /// <summary>Finds the value of a field, which may be null.</summary>
    private protected virtual bool TryFind(string field, out JsonNode? value) => Fields.TryGetPropertyValue(field, out value);

    private JsonNode? Find(string field) => TryFind(field, out var value) ? value : null;

    /// <summary>Returns the exception for a field with a wrong value.</summary>
    /// <param name="field">The name of the field.</param>
    /// <param name="found">What was found, such as <c>is -1</c>.</param>
    /// <param name="expected">What would be right.</param>
    public InvalidDataException Error(string field, string found, string expected) => new($"{Source}: the field \"{field}\" {found}; it should be {expected}.");

    /// <summary>Returns the text of a node, or null if it is not a string.</summary>
    private protected static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    // A node made in C# gives its number only in the type it was made of, so both kinds are read from their text.
    private static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static long? Integer(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private JsonArray? GetArray(string field, string expected) => !Has(field) ? null : Find(field) as JsonArray ?? throw Mistyped(field, expected);

    private InvalidDataException Mistyped(string field, string expected) => Error(field, $"is {Find(field)!.ToJsonString()}", expected);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        // Keys that are numbers in Python, as those of id2label, are sorted as numbers.
        JsonObject fields when fields.Count > 0 && fields.All(f => int.TryParse(f.Key, out _)) => Sorted(fields.OrderBy(f => int.Parse(f.Key, CultureInfo.InvariantCulture))),
        JsonObject fields => Sorted(fields.OrderBy(f => f.Key, StringComparer.Ordinal)),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Sorted(IEnumerable<KeyValuePair<string, JsonNode?>> fields) => new(fields.Select(f => KeyValuePair.Create(f.Key, Sorted(f.Value))));
}
