using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Sentences;

namespace Microsoft.ML.HfTrainer;

/// <summary>The configuration of a model (<c>config.json</c>). Fields that no architecture reads are kept and saved unchanged.</summary>
public sealed class PretrainedConfig : JsonFields
{
    /// <summary>The name of the file in a model folder.</summary>
    public const string FileName = "config.json";

    // More than any task has; bounds the memory that a number in an untrusted file can claim.
    private const int MaxLabels = 1 << 20;

    private const string TypeField = "model_type", TextSection = "text_config";

    // What the section of a composite configuration is where it does not say so.
    private static readonly Dictionary<string, string> _textTypes = new() { ["gemma3"] = "gemma3_text" };

    private static readonly string[] _fieldsOfTheWhole = ["dtype", "torch_dtype", "id2label", "label2id", "num_labels", "problem_type"];

    private PretrainedConfig(string source, JsonObject fields) : base(source, fields)
    {
    }

    /// <summary>The architecture (<c>model_type</c>), such as <c>bert</c>.</summary>
    public string ModelType => GetString(TypeField);

    /// <summary>Specifies how a sequence classification head computes its loss. If null, it is chosen by the number and type of the labels.</summary>
    public ProblemType? ProblemType
    {
        get => ProblemTypes.Parse(this, GetString("problem_type", null));
        set
        {
            if (value is { } type)
                Fields["problem_type"] = ProblemTypes.NameOf(type);
            else
                Remove("problem_type");
        }
    }

    /// <summary>The label names by class index (<c>id2label</c>). Default: <c>LABEL_0</c>, <c>LABEL_1</c> and so on, <c>num_labels</c> (2 by default) in all.</summary>
    public IReadOnlyList<string> Labels
    {
        get => ReadLabels();
        set
        {
            Fields["id2label"] = new JsonObject(value.Select((label, id) => KeyValuePair.Create(id.ToString(CultureInfo.InvariantCulture), (JsonNode?)JsonValue.Create(label))));
            Remove("num_labels");
            Fields["label2id"] = new JsonObject(value.Select((label, id) => KeyValuePair.Create(label, (JsonNode?)JsonValue.Create(id))).DistinctBy(p => p.Key));
        }
    }

    /// <summary>The modules that compute sentence embeddings from the hidden states; null if the folder has none.</summary>
    internal SentenceModules? Sentences { get; set; }

    /// <summary>Reads <c>config.json</c> in a model folder or of a model on the Hugging Face hub. Of a composite model, such as one that reads images too, it is the configuration of the text model.</summary>
    /// <param name="model">The folder, or the id of a repository on the hub.</param>
    /// <param name="options">How to download from the hub. If null, the settings of the environment are used.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, and the name is not a repository id.</exception>
    /// <exception cref="HubException">The hub cannot be reached or does not provide the file.</exception>
    /// <exception cref="FileNotFoundException">The folder has no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a JSON object.</exception>
    public static PretrainedConfig FromPretrained(string model, HubOptions? options = null)
    {
        var folder = ModelFolder.Resolve(model, options, ModelManifest.Configuration);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The model folder '{folder}' has no {FileName}; a Hugging Face model folder holds {FileName}, model.safetensors and the tokenizer's files.", path);
        return Parse(path, File.ReadAllBytes(path)).OfText();
    }

    /// <summary>Reads a configuration from UTF-8 JSON.</summary>
    /// <param name="source">The name of its origin, for messages.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not a JSON object.</exception>
    public static PretrainedConfig Parse(string source, ReadOnlySpan<byte> json) => new(source, StrictJson.ParseObject($"{source}: the content", json));

    /// <inheritdoc/>
    public override PretrainedConfig Clone() => new(Source, (JsonObject)Fields.DeepClone()) { Sentences = Sentences?.With() };

    /// <summary>
    /// Returns the configuration of the text model of a composite one, such as Gemma 3 with its image encoder: the section <c>text_config</c>. Labels and the type of the weights come from
    /// the whole where the section has none. A configuration whose own <c>model_type</c> is an architecture is returned as it is.
    /// </summary>
    internal PretrainedConfig OfText()
    {
        if (Architecture.Registered.ContainsKey(GetString(TypeField, "")) || Fields[TextSection] is not JsonObject section)
            return this;
        var text = new PretrainedConfig($"{Source}: in \"{TextSection}\"", (JsonObject)section.DeepClone());
        if (!text.Has(TypeField) && _textTypes.TryGetValue(ModelType, out var type))
            text.Set(TypeField, type);
        if (!Architecture.Registered.ContainsKey(text.GetString(TypeField, "")))
            return this;
        foreach (var field in _fieldsOfTheWhole.Where(field => Has(field) && !text.Has(field)))
            text.Set(field, Fields[field]!.DeepClone());
        return text;
    }

    /// <summary>Returns true if the configuration itself has the field, be it null, and not only its architecture's defaults.</summary>
    internal bool States(string field) => Fields.ContainsKey(field);

    /// <summary>Finds a field, under its common name first if the architecture has another for it, or the default that the architecture has. A field that is null stays null.</summary>
    private protected override bool TryFind(string field, out JsonNode? value)
    {
        if (field == TypeField || Known is not { } architecture)
            return base.TryFind(field, out value);
        var (common, own) = architecture.NamesOf(field);
        return base.TryFind(common, out value) || base.TryFind(own, out value) || architecture.DefaultFields.TryGetPropertyValue(own, out value);
    }

    private Architecture? Known => Text(Fields[TypeField]) is { } type ? Architecture.Registered.GetValueOrDefault(type) : null;

    /// <summary>Returns a number of attention heads, which must divide the hidden size.</summary>
    /// <param name="field">The field of the number.</param>
    /// <param name="sizeField">The field of the hidden size.</param>
    internal int GetHeads(string field, string sizeField) => GetSize(field) is var heads && GetSize(sizeField) is var size && size % heads == 0
        ? heads
        : throw Error(field, $"is {heads}, which does not divide {sizeField} {GetSize(sizeField)}", "a divisor of it");

    private int LabelCount() => GetInt("num_labels", 2) is >= 0 and <= MaxLabels and var count ? count : throw Error("num_labels", $"is {GetInt("num_labels", 2)}", $"a number from 0 to {MaxLabels}");

    // As in Hugging Face Transformers: num_labels counts where it differs from the number of names. Names may be numbers, and ids have holes or begin elsewhere than at 0.
    private string[] ReadLabels()
    {
        if (Fields["id2label"] is not JsonObject names || names.Count == 0)
            return [.. Enumerable.Range(0, LabelCount()).Select(DefaultLabel)];
        var labels = new Dictionary<int, string>();
        foreach (var (key, label) in names)
        {
            if (!int.TryParse(key, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id))
                throw Error("id2label", $"has the key \"{key}\"", "an object whose keys are whole numbers, the ids of the classes");
            labels[id] = Text(label) ?? label?.ToJsonString() ?? "null";
        }
        return GetIntOrNull("num_labels") is { } count && count != labels.Count
            ? [.. Enumerable.Range(0, LabelCount()).Select(DefaultLabel)]
            : [.. Enumerable.Range(0, labels.Count).Select(id => labels.GetValueOrDefault(id, DefaultLabel(id)))];
    }

    private static string DefaultLabel(int id) => $"LABEL_{id}";
}
