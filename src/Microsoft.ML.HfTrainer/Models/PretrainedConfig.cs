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

    private PretrainedConfig(string source, JsonObject fields) : base(source, fields)
    {
    }

    /// <summary>The architecture (<c>model_type</c>), such as <c>bert</c>.</summary>
    public string ModelType => GetString("model_type");

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
            Fields["label2id"] = new JsonObject(value.Select((label, id) => KeyValuePair.Create(label, (JsonNode?)JsonValue.Create(id))).DistinctBy(p => p.Key));
        }
    }

    /// <summary>The modules that compute sentence embeddings from the hidden states; null if the folder has none.</summary>
    internal SentenceModules? Sentences { get; set; }

    /// <summary>Reads <c>config.json</c> in a model folder or of a model on the Hugging Face hub.</summary>
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
        return Parse(path, File.ReadAllBytes(path));
    }

    /// <summary>Reads a configuration from UTF-8 JSON.</summary>
    /// <param name="source">The name of its origin, for messages.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is not a JSON object.</exception>
    public static PretrainedConfig Parse(string source, ReadOnlySpan<byte> json) => new(source, StrictJson.ParseObject($"{source}: the content", json));

    /// <inheritdoc/>
    public override PretrainedConfig Clone() => new(Source, (JsonObject)Fields.DeepClone()) { Sentences = Sentences?.With() };

    /// <summary>Returns a copy that has the fields of a JSON object where its own are absent. A field that is null stays null.</summary>
    internal PretrainedConfig WithDefaults(string json)
    {
        var copy = Clone();
        foreach (var (field, value) in JsonNode.Parse(json)!.AsObject())
            if (!Fields.ContainsKey(field))
                copy.Set(field, value?.DeepClone());
        return copy;
    }

    /// <summary>Returns a number of attention heads, which must divide the hidden size.</summary>
    /// <param name="field">The field of the number.</param>
    /// <param name="sizeField">The field of the hidden size.</param>
    internal int GetHeads(string field, string sizeField) => GetSize(field) is var heads && GetSize(sizeField) is var size && size % heads == 0
        ? heads
        : throw Error(field, $"is {heads}, which does not divide {sizeField} {GetSize(sizeField)}", "a divisor of it");

    private int LabelCount() => GetInt("num_labels", 2) is >= 0 and <= MaxLabels and var count ? count : throw Error("num_labels", $"is {GetInt("num_labels", 2)}", $"a number from 0 to {MaxLabels}");

    private string[] ReadLabels()
    {
        if (Fields["id2label"] is not JsonObject names || names.Count == 0)
            return [.. Enumerable.Range(0, LabelCount()).Select(i => $"LABEL_{i}")];
        var labels = new string[names.Count];
        foreach (var (id, label) in names)
        {
            if (!int.TryParse(id, out var index) || index < 0 || index >= labels.Length || labels[index] is not null)
                throw Error("id2label", $"has the key \"{id}\"", $"an object with the keys \"0\" to \"{labels.Length - 1}\", each once");
            labels[index] = Text(label) ?? throw Error("id2label", $"has no text at \"{id}\"", "an object of label names");
        }
        return labels;
    }
}
