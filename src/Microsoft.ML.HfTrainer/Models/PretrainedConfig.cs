using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Hub;
using Microsoft.ML.HfTrainer.Models.Sentences;

namespace Microsoft.ML.HfTrainer;

/// <summary>A model's <c>config.json</c>: the fields an architecture reads, and every other one kept as it was found.</summary>
public sealed class PretrainedConfig
{
    /// <summary>The name of the file in a model folder.</summary>
    public const string FileName = "config.json";

    // More than any task has; a number of a stranger's must not become as many texts.
    private const int MaxLabels = 1 << 20;

    private readonly JsonObject _fields;

    private PretrainedConfig(string source, JsonObject fields)
    {
        Source = source;
        _fields = fields;
    }

    /// <summary>The file or folder the configuration came from, for messages.</summary>
    public string Source { get; }

    /// <summary>The architecture, such as <c>bert</c>.</summary>
    public string ModelType => GetString("model_type");

    /// <summary>How a classification head computes its loss; null until the labels decide it.</summary>
    public ProblemType? ProblemType
    {
        get => ProblemTypes.Parse(this, GetString("problem_type", null));
        set
        {
            if (value is { } type)
                _fields["problem_type"] = ProblemTypes.NameOf(type);
            else
                _fields.Remove("problem_type");
        }
    }

    /// <summary>Label names by class index; two classes <c>LABEL_0</c> and <c>LABEL_1</c> where the file has none.</summary>
    public IReadOnlyList<string> Labels
    {
        get => ReadLabels();
        set
        {
            _fields["id2label"] = new JsonObject(value.Select((label, id) => KeyValuePair.Create(id.ToString(), (JsonNode?)JsonValue.Create(label))));
            _fields["label2id"] = new JsonObject(value.Select((label, id) => KeyValuePair.Create(label, (JsonNode?)JsonValue.Create(id))).DistinctBy(p => p.Key));
        }
    }

    /// <summary>What makes sentence embeddings of the model's hidden states; null: nothing is said.</summary>
    internal SentenceModules? Sentences { get; set; }

    /// <summary>Reads <c>config.json</c> in a model folder, or of a model on the Hugging Face hub.</summary>
    /// <param name="model">The folder, or an id on the hub.</param>
    /// <param name="options">How it is fetched from the hub; null: as the environment says.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is no id.</exception>
    /// <exception cref="HubException">The hub does not give it.</exception>
    /// <exception cref="FileNotFoundException">The folder has no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a JSON object.</exception>
    public static PretrainedConfig FromPretrained(string model, HubOptions? options = null)
    {
        var folder = ModelFolder.Resolve(model, options, HubParts.Configuration);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The model folder '{folder}' has no {FileName}; a Hugging Face model folder holds {FileName}, model.safetensors and the tokenizer's files.", path);
        return Parse(path, File.ReadAllBytes(path));
    }

    /// <summary>Reads a configuration from UTF-8 JSON.</summary>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="json">The text.</param>
    public static PretrainedConfig Parse(string source, ReadOnlySpan<byte> json)
    {
        try
        {
            RequireText(json);
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject fields
                ? new PretrainedConfig(source, fields)
                : throw new InvalidDataException($"{source}: the content is not a JSON object; a model configuration is one, with the field model_type.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{source}: not valid JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}).", broken);
        }
    }

    /// <summary>An independent copy.</summary>
    public PretrainedConfig Clone() => new(Source, (JsonObject)_fields.DeepClone()) { Sentences = Sentences?.With() };

    /// <summary>The configuration as indented JSON with sorted fields, byte for byte as the original writes it.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Sorted((JsonNode)_fields)!.WriteTo(writer);
        }
        var text = new StringBuilder((int)buffer.Length + 1);
        foreach (var c in Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length))
            _ = c < 0x80 ? text.Append(c) : text.Append("\\u").Append(((int)c).ToString("x4"));
        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>Sets a field; null writes a JSON null.</summary>
    public void Set(string field, JsonNode? value) => _fields[field] = value;

    /// <summary>Takes a field away.</summary>
    internal void Remove(string field) => _fields.Remove(field);

    /// <summary>The fields that are whole numbers, and their values.</summary>
    internal IEnumerable<(string Field, long Value)> Numbers =>
        from f in _fields where f.Value?.GetValueKind() == JsonValueKind.Number && long.TryParse(f.Value.ToJsonString(), out _) select (f.Key, long.Parse(f.Value!.ToJsonString()));

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => _fields[field] is not null;

    /// <summary>A whole number that has to be there.</summary>
    public int GetInt(string field) => GetIntOrNull(field) ?? throw Error(field, "is missing", "a whole number");

    /// <summary>A whole number, or <paramref name="otherwise"/> where the field is absent or null.</summary>
    public int GetInt(string field, int otherwise) => GetIntOrNull(field) ?? otherwise;

    /// <summary>A size, a whole number above zero, that has to be there.</summary>
    public int GetSize(string field) => GetInt(field) is > 0 and var size ? size : throw Error(field, $"is {GetInt(field)}", "a number above 0");

    /// <summary>A size, a whole number above zero, or <paramref name="otherwise"/> where the field is absent or null.</summary>
    public int GetSize(string field, int otherwise) => Has(field) ? GetSize(field) : otherwise;

    /// <summary>A number of attention heads, which divides the size of hidden states.</summary>
    /// <param name="field">The field of the number.</param>
    /// <param name="sizeField">The field of the size.</param>
    internal int GetHeads(string field, string sizeField) => GetSize(field) is var heads && GetSize(sizeField) is var size && size % heads == 0
        ? heads
        : throw Error(field, $"is {heads}, which does not divide {sizeField} {GetSize(sizeField)}", "a divisor of it");

    /// <summary>A whole number, or null where the field is absent or null.</summary>
    public int? GetIntOrNull(string field) =>
        !Has(field) ? null : _fields[field] is JsonValue value && value.TryGetValue(out int number) ? number : throw Mistyped(field, "a whole number");

    /// <summary>A number, or <paramref name="otherwise"/> where the field is absent or null.</summary>
    public double GetDouble(string field, double otherwise) =>
        !Has(field) ? otherwise : _fields[field] is JsonValue value && value.TryGetValue(out double number) ? number : throw Mistyped(field, "a number");

    /// <summary>A probability, or <paramref name="otherwise"/> where the field is absent or null.</summary>
    public double GetProbability(string field, double otherwise) =>
        GetDouble(field, otherwise) is >= 0 and <= 1 and var p ? p : throw Error(field, $"is {GetDouble(field, otherwise)}", "a probability from 0 to 1");

    /// <summary>A number, null where the field is null, or <paramref name="otherwise"/> where it is absent.</summary>
    internal double? GetDoubleOrNull(string field, double? otherwise) => _fields.ContainsKey(field) ? Has(field) ? GetDouble(field, 0) : null : otherwise;

    /// <summary>A whole number, null where the field is null, or <paramref name="otherwise"/> where it is absent.</summary>
    internal int? GetIntOrNull(string field, int? otherwise) => _fields.ContainsKey(field) ? GetIntOrNull(field) : otherwise;

    /// <summary>A truth value, or <paramref name="otherwise"/> where the field is absent or null.</summary>
    public bool GetBool(string field, bool otherwise) =>
        !Has(field) ? otherwise : _fields[field] is JsonValue value && value.TryGetValue(out bool flag) ? flag : throw Mistyped(field, "true or false");

    /// <summary>A text that has to be there.</summary>
    public string GetString(string field) => GetString(field, null) ?? throw Error(field, "is missing", "a text");

    /// <summary>A text, or <paramref name="otherwise"/> where the field is absent or null.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(otherwise))]
    public string? GetString(string field, string? otherwise) =>
        !Has(field) ? otherwise : _fields[field] is JsonValue value && value.TryGetValue(out string? text) ? text : throw Mistyped(field, "a text");

    /// <summary>The numbers of a list, or null where the field is absent or null.</summary>
    internal IReadOnlyList<double>? GetNumbers(string field) => GetList(field, "a list of numbers", (JsonValue value, out double number) => value.TryGetValue(out number));

    /// <summary>The texts of a list, or null where the field is absent or null.</summary>
    internal IReadOnlyList<string>? GetTexts(string field) => GetList(field, "a list of texts", (JsonValue value, out string? text) => value.TryGetValue(out text));

    /// <summary>The texts of an object by their names, those that are null left out; null where the field is absent or null.</summary>
    internal IReadOnlyDictionary<string, string>? GetTextMap(string field)
    {
        if (!Has(field))
            return null;
        var texts = _fields[field] as JsonObject ?? throw Mistyped(field, "an object of texts");
        return texts.Where(t => t.Value is not null)
            .ToDictionary(t => t.Key, t => t.Value is JsonValue value && value.TryGetValue(out string? text) ? text : throw Mistyped(field, "an object of texts"));
    }

    /// <summary>Whether the field is a text.</summary>
    internal bool IsText(string field) => _fields[field] is JsonValue value && value.TryGetValue(out string? _);

    /// <summary>The fields of an object, for reading, or null where the field is absent or null.</summary>
    internal PretrainedConfig? Section(string field) =>
        !Has(field) ? null : _fields[field] is JsonObject fields ? new PretrainedConfig($"{Source}: in \"{field}\"", fields) : throw Mistyped(field, "an object");

    /// <summary>The exception for a field that is wrong.</summary>
    /// <param name="field">The field.</param>
    /// <param name="found">What is wrong with it, as <c>is -1</c>.</param>
    /// <param name="expected">What would be right.</param>
    internal InvalidDataException Error(string field, string found, string expected) =>
        new($"{Source}: the field \"{field}\" {found}; it should be {expected}.");

    private delegate bool Reading<T>(JsonValue value, out T? read);

    private List<T>? GetList<T>(string field, string expected, Reading<T> reading)
    {
        if (!Has(field))
            return null;
        var list = _fields[field] as JsonArray ?? throw Mistyped(field, expected);
        return [.. list.Select(item => item is JsonValue value && reading(value, out var read) && read is not null ? read : throw Mistyped(field, expected))];
    }

    private InvalidDataException Mistyped(string field, string expected) => Error(field, $"is {_fields[field]!.ToJsonString()}", expected);

    // Nodes are read when they are asked for, and what is no text would be found only then.
    private static void RequireText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                JsonText.ReadString(ref reader);
    }

    private int LabelCount() => GetInt("num_labels", 2) is >= 0 and <= MaxLabels and var count ? count : throw Error("num_labels", $"is {GetInt("num_labels", 2)}", $"a number from 0 to {MaxLabels}");

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        // Keys that are numbers in Python, as those of id2label, are in their order as numbers.
        JsonObject fields when fields.Count > 0 && fields.All(f => int.TryParse(f.Key, out _)) => Sorted(fields.OrderBy(f => int.Parse(f.Key, CultureInfo.InvariantCulture))),
        JsonObject fields => Sorted(fields.OrderBy(f => f.Key, StringComparer.Ordinal)),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Sorted(IEnumerable<KeyValuePair<string, JsonNode?>> fields) => new(fields.Select(f => KeyValuePair.Create(f.Key, Sorted(f.Value))));

    private string[] ReadLabels()
    {
        if (_fields["id2label"] is not JsonObject names || names.Count == 0)
            return [.. Enumerable.Range(0, LabelCount()).Select(i => $"LABEL_{i}")];
        var labels = new string[names.Count];
        foreach (var (id, label) in names)
        {
            if (!int.TryParse(id, out var index) || index < 0 || index >= labels.Length || labels[index] is not null)
                throw Error("id2label", $"has the key \"{id}\"", $"an object with the keys \"0\" to \"{labels.Length - 1}\", each once");
            labels[index] = label is JsonValue value && value.TryGetValue(out string? text) ? text : throw Error("id2label", $"has no text at \"{id}\"", "an object of label names");
        }
        return labels;
    }
}
