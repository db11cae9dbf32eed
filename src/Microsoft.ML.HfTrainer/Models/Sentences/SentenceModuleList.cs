using System.Text.Json;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Models.Sentences;

/// <summary>One module of a sentence-transformers model.</summary>
/// <param name="Path">The sub-folder of the module; empty if its files are in the folder itself.</param>
/// <param name="Type">The Python class, such as <c>sentence_transformers.models.Pooling</c>.</param>
internal sealed record SentenceModuleEntry(string Path, string Type)
{
    /// <summary>The name of the class without its Python module.</summary>
    public string Kind { get; } = Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>Indicates whether the class is part of sentence-transformers and not code of the repository.</summary>
    public bool IsOriginal => Type.StartsWith("sentence_transformers.", StringComparison.Ordinal);
}

/// <summary>The list of a folder's modules (<c>modules.json</c>), in their order; the first is the model.</summary>
internal static class SentenceModuleList
{
    public const string FileName = "modules.json";

    /// <summary>The file of a module in its folder.</summary>
    public const string Configuration = "config.json";

    /// <summary>The file of the model as a whole, beside the list.</summary>
    public const string WholeFile = "config_sentence_transformers.json";

    /// <summary>Modules, by the name of their class.</summary>
    public const string Transformer = nameof(Transformer), Pooling = nameof(Pooling), Dense = nameof(Dense), Normalize = nameof(Normalize);

    /// <summary>The names that the file of the first module has had.</summary>
    public static IReadOnlyList<string> TransformerFiles { get; } =
        [.. new[] { "bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet" }.Select(name => $"sentence_{name}_config.json")];

    private const int MaxBytes = 1 << 20, MaxModules = 64;

    private static readonly string[] _known = [Transformer, Pooling, Dense, Normalize];

    /// <summary>Reads a list whose modules are all known: a model, its pooling, and what follows them.</summary>
    /// <exception cref="InvalidDataException">The file is not a list of modules, or a path in it leads out of the folder.</exception>
    /// <exception cref="NotSupportedException">It has a module of another kind; the message names it.</exception>
    public static IReadOnlyList<SentenceModuleEntry> Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidDataException($"{path}: it has {new FileInfo(path).Length} bytes; a list of modules has at most {MaxBytes}.");
        var root = StrictJson.ParseElement($"{path}: the list of modules", File.ReadAllBytes(path));
        if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() is 0 or > MaxModules)
            throw new InvalidDataException($"{path}: it is no list of 1 to {MaxModules} modules, each an object with a path and a type.");
        var modules = root.EnumerateArray().Select((module, index) => ReadEntry(path, module, index)).ToList();
        RequireOrder(path, modules);
        return modules;
    }

    /// <summary>Writes a list.</summary>
    public static void Write(string path, IReadOnlyList<SentenceModuleEntry> modules)
    {
        using var file = File.Create(path);
        using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        writer.WriteStartArray();
        foreach (var (index, module) in modules.Index())
        {
            writer.WriteStartObject();
            writer.WriteNumber("idx", index);
            writer.WriteString("name", $"{index}");
            writer.WriteString("path", module.Path);
            writer.WriteString("type", module.Type);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static SentenceModuleEntry ReadEntry(string path, JsonElement module, int index)
    {
        var entry = new SentenceModuleEntry(Text(path, module, index, "path"), Text(path, module, index, "type"));
        if (!entry.IsOriginal)
            throw new NotSupportedException($"{path}: module {index} is a {JsonText.Show(entry.Type)}, code of the repository's own, which is not run; modules may be {Names}, of sentence_transformers.");
        if (!_known.Contains(entry.Kind))
            throw new NotSupportedException($"{path}: module {index} is a {JsonText.Show(entry.Type)}, which is not supported; modules may be {Names}.");
        if (entry.Path.Length > 0 && !FileNames.IsSafe(entry.Path))
            throw new InvalidDataException($"{path}: module {index} has the path {JsonText.Show(entry.Path)}; it must be the plain name of a folder beside the list, or empty.");
        return entry;
    }

    private static string Names => string.Join(", ", _known);

    private static string Text(string path, JsonElement module, int index, string field) =>
        module.ValueKind == JsonValueKind.Object && module.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InvalidDataException($"{path}: module {index} has no text in \"{field}\"; a module is an object with a path and a type.");

    // The model gives a vector for each token, and the pooling one for them all, which the others change.
    private static void RequireOrder(string path, List<SentenceModuleEntry> modules)
    {
        if (modules is not [{ Kind: Transformer }, { Kind: Pooling }, ..] || modules.Skip(2).Any(m => m.Kind is Transformer or Pooling))
            throw new NotSupportedException($"{path}: the modules are {string.Join(", ", modules.Select(m => m.Kind))}; they should be {Transformer}, {Pooling}, and then any of {Dense} and {Normalize}.");
    }
}
