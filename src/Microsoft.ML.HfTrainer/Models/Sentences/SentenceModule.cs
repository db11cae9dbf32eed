using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Sentences;

/// <summary>A module of sentence-transformers that follows the pooling.</summary>
/// <param name="Type">The class in sentence-transformers.</param>
/// <param name="Fields">Its <c>config.json</c>.</param>
internal abstract record SentenceModule(string Type, JsonFields Fields)
{
    protected const string Vector = "sentence_embedding";

    /// <summary>Readers of modules by the name of their class, from a folder with their files.</summary>
    private static readonly Dictionary<string, Func<SentenceModuleEntry, string, SentenceModule>> _readers = new()
    {
        [SentenceModuleList.Dense] = DenseModule.Open,
        [SentenceModuleList.Normalize] = (entry, folder) => new NormalizeModule(entry.Type, ReadFields(folder)),
    };

    /// <summary>The name of its class.</summary>
    public abstract string Kind { get; }

    /// <summary>Reads a module in the folder that its entry in the list names.</summary>
    public static SentenceModule Read(SentenceModuleEntry entry, string folder)
    {
        var module = _readers[entry.Kind](entry, Path.Combine(folder, entry.Path));
        foreach (var field in new[] { "module_input_name", "module_output_name" })
            if (module.Fields.GetString(field, Vector) is var name and not Vector)
                throw module.Fields.Error(field, $"is \"{name}\"", $"\"{Vector}\", the vector of a text; vectors of its tokens are not changed here");
        return module;
    }

    /// <summary>Returns the configuration of a module in a folder; without fields if there is none.</summary>
    public static JsonFields ReadFields(string folder) =>
        Path.Combine(folder, SentenceModuleList.Configuration) is var path && File.Exists(path) ? JsonFields.Read(path, File.ReadAllBytes(path)) : JsonFields.Read(path, "{}"u8);

    /// <summary>Creates the computation of the module.</summary>
    /// <param name="size">The size of the input vectors.</param>
    public abstract SentenceStep Build(long size);
}

/// <summary>The computation of a module over vectors, <c>[batch, size]</c>.</summary>
/// <param name="Forward">The computation.</param>
/// <param name="Size">The size of the output vectors.</param>
/// <param name="Weights">The block with its weights. If null, it has none.</param>
internal sealed record SentenceStep(Func<Tensor, Tensor> Forward, long Size, Layer? Weights = null);
