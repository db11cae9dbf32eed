using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A collator of golden data, made by its name; settings are the arguments of its constructor by theirs.</summary>
internal sealed class CollatorCase
{
    public const int MaskId = 4;

    private readonly IDataCollator _collator;

    public CollatorCase(string name, JsonElement golden, bool withSettings = true)
    {
        var tokenizer = golden.TryGetProperty("tokenizer", out var described) && described.ValueKind == JsonValueKind.Null ? null : Tokenizer(described);
        var settings = withSettings ? golden.GetProperty("settings").EnumerateObject().Where(s => s.Name != "note").ToDictionary(s => s.Name, s => s.Value) : [];
        var start = settings.Remove("decoder_start_token_id", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetInt32() : 0;
        _collator = Make(name, tokenizer, settings.Remove("model", out var model) && model.ValueKind == JsonValueKind.String ? new Shifting(start) : null, settings);
    }

    /// <summary>A collator by its name, given the tokenizer and the model if it takes them, and settings by the names of its arguments in the original.</summary>
    public static IDataCollator Make(string name, HfTokenizer? tokenizer, nn.Module? model, IReadOnlyDictionary<string, JsonElement> settings)
    {
        var type = typeof(IDataCollator).Assembly.GetType($"Microsoft.ML.HfTrainer.{name}");
        if (type is null)
            GoldenFolder.Skip($"collator '{name}' does not exist");
        // Those without a tokenizer have one constructor.
        var constructors = type.GetConstructors();
        var parameters = (constructors.Length == 1 ? constructors[0] : constructors.Single(c => c.GetParameters()[0].ParameterType == typeof(HfTokenizer))).GetParameters();
        if (settings.Keys.Except(parameters.Select(p => Setting(p.Name!))).FirstOrDefault() is { } unknown)
            GoldenFolder.Skip($"{name} has no '{unknown}'");
        object?[] arguments =
        [
            .. parameters.Select(p => p.ParameterType == typeof(HfTokenizer) ? tokenizer
                : p.ParameterType == typeof(nn.Module) ? model
                : settings.TryGetValue(Setting(p.Name!), out var value) ? Convert(value, p.ParameterType)
                : p.DefaultValue),
        ];
        return (IDataCollator)Activator.CreateInstance(type, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    public Batch Collate(JsonElement features) => features[0].ValueKind == JsonValueKind.Array
        ? ((DataCollatorForLanguageModeling)_collator).Collate([.. features.EnumerateArray().Select(f => f.EnumerateArray().Select(v => v.GetInt32()).ToArray())])
        : _collator.Collate(GoldenExamples.Read(features));

    /// <summary>A tokenizer of as many words as are described, the first five of which are special.</summary>
    public static HfTokenizer Tokenizer(JsonElement description = default)
    {
        var configuration = description.ValueKind == JsonValueKind.Object ? JsonNode.Parse(description.GetRawText())!.AsObject() : [];
        List<string> words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        words.AddRange(Enumerable.Range(5, ((int?)configuration["vocab_size"] ?? 120) - 5).Select(i => $"w{i}"));
        configuration["pad_token"] = words[(int?)configuration["pad_token_id"] ?? 0];
        foreach (var role in new[] { "unk", "cls", "sep", "mask" })
            configuration[role + "_token"] = $"[{role.ToUpperInvariant()}]";
        return TinyTokenizer.Load(json => json["model"]!["vocab"] = new JsonObject(words.Select((word, index) => KeyValuePair.Create(word, (JsonNode?)JsonValue.Create(index)))), configuration.ToJsonString());
    }

    private static string Setting(string parameter) => JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter);

    private static object? Convert(JsonElement value, Type type)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (type != typeof(PaddingStrategy))
            return value.Deserialize(Nullable.GetUnderlyingType(type) ?? type);
        return value.ValueKind switch
        {
            JsonValueKind.True => PaddingStrategy.Longest,
            JsonValueKind.False => PaddingStrategy.DoNotPad,
            _ => Enum.Parse<PaddingStrategy>(value.GetString()!.Replace("_", ""), ignoreCase: true),
        };
    }

    // What every encoder-decoder does with labels, whose padding token is 0 as in the models of the golden runs.
    private sealed class Shifting(int decoderStart) : nn.Module("shifting"), IEncoderDecoder
    {
        public Tensor PrepareDecoderInputIdsFromLabels(Tensor labels) => IEncoderDecoder.ShiftTokensRight(labels, decoderStart, 0);
    }
}
