using System.Globalization;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Sentences;

namespace Microsoft.ML.HfTrainer.Cli;

/// <summary>What a model folder holds, read from its configuration and the headers of its weights: no weight is loaded.</summary>
internal static class ModelDescription
{
    // In float32: a weight, its gradient and the two moments of AdamW.
    private const int BytesAParameter = 4 * 4;

    // 34 bytes of activations a token, layer and element of a hidden state in 16 bits (Korthikanti et al. 2022, arXiv:2205.05198, section 4.1, without scores of
    // attention, which fused attention does not keep); twice as many in float32.
    private const int BytesAnActivation = 2 * 34;

    private const int Tokens = 8 * 128;

    private static readonly string[] _sizes = ["hidden_size", "d_model", "n_embd", "dim"];

    private static readonly string[] _layers = ["num_hidden_layers", "encoder_layers", "num_layers", "n_layer", "n_layers"], _decoderLayers = ["decoder_layers", "num_decoder_layers"];

    public static (string Name, string Value)[] Lines(string folder)
    {
        var (sentences, modelFolder) = Sentences(folder);
        var config = PretrainedConfig.FromPretrained(modelFolder);
        var architecture = Architecture.For(config);
        using var weights = Open(modelFolder);
        var floats = weights?.Entries.Values.Where(e => e.DType is SafetensorsDType.F16 or SafetensorsDType.BF16 or SafetensorsDType.F32 or SafetensorsDType.F64).ToList() ?? [];
        var parameters = floats.Sum(Count);
        var types = floats.GroupBy(e => e.DType).OrderByDescending(g => g.Sum(Count)).Select(g => g.Key.Name()).ToList();
        return
        [
            ("model", folder),
            ("architecture", $"{config.ModelType}{(config.GetTexts("architectures") is [_, ..] names ? $" ({string.Join(", ", names)})" : "")}"),
            ("heads", string.Join(", ", architecture.Heads)),
            ("parameters", weights is null ? "no weights in the folder" : parameters.ToString("N0", CultureInfo.InvariantCulture)),
            .. weights is null ? Array.Empty<(string, string)>() : [("dtype", string.Join(", ", types)), ("memory to train", Memory(config, parameters))],
            .. sentences is null ? Array.Empty<(string, string)>() : [("sentences", sentences)],
            ("tokenizer", Tokenizer(modelFolder)),
        ];
    }

    private static string Memory(PretrainedConfig config, long parameters)
    {
        var states = $"{Size((double)parameters * BytesAParameter)} for weights, gradients and AdamW's moments in float32";
        if (First(config, _sizes) is not { } size || First(config, _layers) is not { } layers)
            return states;
        var all = (double)layers + (First(config, _decoderLayers) ?? 0);
        return $"{states}, and about {Size(all * size * Tokens * BytesAnActivation)} of activations for a batch of {Tokens} tokens";
    }

    // What makes sentence embeddings, and the folder of the model itself.
    private static (string? Description, string ModelFolder) Sentences(string folder)
    {
        try
        {
            var (modules, modelFolder) = SentenceModules.Read(folder);
            return (modules is null ? null : string.Join(", then ", modules.Steps.Select(step => step.Kind).Prepend($"{string.Join(" and ", modules.Poolings.Select(p => p.Name))} of tokens")), modelFolder);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or NotSupportedException)
        {
            return ($"none that can be made: {failure.Message}", folder);
        }
    }

    private static int? First(PretrainedConfig config, string[] fields) => fields.Select(field => config.GetIntOrNull(field)).FirstOrDefault(value => value is not null);

    private static string Tokenizer(string folder)
    {
        try
        {
            var tokenizer = HfTokenizer.FromPretrained(folder);
            return string.Create(CultureInfo.InvariantCulture, $"{tokenizer.VocabularySize:N0} tokens{(tokenizer.ModelMaxLength is { } length ? $", texts of at most {length:N0}" : "")}");
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or NotSupportedException)
        {
            return $"none that can be read: {failure.Message}";
        }
    }

    private static WeightFiles? Open(string folder)
    {
        try
        {
            return WeightFiles.Open(folder);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static long Count(SafetensorsEntry entry) => entry.Shape.Aggregate(1L, (product, d) => product * d);

    private static string Size(double bytes) => bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
