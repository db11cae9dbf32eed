using Microsoft.ML.HfTrainer.Formats;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>Types of weights by the names that configurations use.</summary>
internal static class ModelDTypes
{
    private static readonly (ScalarType Type, string Name)[] _names =
    [
        (ScalarType.Float32, "float32"),
        (ScalarType.BFloat16, "bfloat16"),
        (ScalarType.Float16, "float16"),
        (ScalarType.Float64, "float64"),
    ];

    // The prefix in configurations that Hugging Face Transformers wrote before version 4.
    private const string Prefix = "torch.";

    private static readonly string[] _fields = ["dtype", "torch_dtype"];

    /// <summary>Returns the type in which weights are loaded.</summary>
    /// <param name="asked">The type that the user requested.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="files">The weights; null for a model with new ones.</param>
    /// <exception cref="InvalidDataException">The configuration names no type of weights.</exception>
    public static ScalarType Resolve(ModelDType asked, PretrainedConfig config, WeightFiles? files) => asked switch
    {
        ModelDType.BFloat16 => ScalarType.BFloat16,
        ModelDType.Float16 => ScalarType.Float16,
        ModelDType.Auto => OfConfig(config) ?? OfFiles(files) ?? ScalarType.Float32,
        _ => ScalarType.Float32,
    };

    /// <summary>Returns the name of a type, as in <c>"dtype": "float32"</c>.</summary>
    public static string NameOf(ScalarType type) => _names.FirstOrDefault(n => n.Type == type).Name ?? type.ToString().ToLowerInvariant();

    /// <summary>Returns the type that a configuration names, or null.</summary>
    public static ScalarType? OfConfig(PretrainedConfig config)
    {
        foreach (var field in _fields)
        {
            if (config.GetString(field, null) is not { } text || text == "auto")
                continue;
            var name = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
            var known = _names.FirstOrDefault(n => n.Name == name);
            return known.Name is not null ? known.Type : throw config.Error(field, $"is \"{text}\"", $"one of {string.Join(", ", _names.Select(n => n.Name))}");
        }
        return null;
    }

    private static ScalarType? OfFiles(WeightFiles? files) =>
        files?.Entries.Values.Select(e => TensorTypes.Of(e.DType)).FirstOrDefault(t => t is { } type && _names.Any(n => n.Type == type));
}
