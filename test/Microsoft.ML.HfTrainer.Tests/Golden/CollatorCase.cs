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
        if (typeof(IDataCollator).Assembly.GetType($"Microsoft.ML.HfTrainer.{name}") is not { } type)
        {
            GoldenFolder.Skip($"collator '{name}' does not exist");
            return;
        }
        var tokenizer = golden.TryGetProperty("tokenizer", out var described) && described.ValueKind == JsonValueKind.Null ? null : Tokenizer(described);
        var constructor = type.GetConstructors().Single(c => c.GetParameters().Any(p => p.ParameterType == typeof(HfTokenizer)) == tokenizer is not null);
        var settings = withSettings ? golden.GetProperty("settings").EnumerateObject().Where(s => s.Name != "note").ToDictionary(s => Parameter(s.Name), s => s.Value) : [];
        var start = settings.Remove("decoderStartTokenId", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetInt32() : 0;
        if (settings.Keys.Except(constructor.GetParameters().Select(p => p.Name!)).FirstOrDefault() is { } unknown)
            GoldenFolder.Skip($"{name} has no '{unknown}'");
        var arguments = constructor.GetParameters().Select(p =>
            p.ParameterType == typeof(HfTokenizer) ? tokenizer : settings.TryGetValue(p.Name!, out var value) ? Convert(value, p.ParameterType, start) : p.DefaultValue);
        try
        {
            _collator = (IDataCollator)constructor.Invoke([.. arguments]);
        }
        catch (TargetInvocationException failure)
        {
            throw failure.InnerException!;
        }
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

    private static string Parameter(string setting)
    {
        var name = string.Concat(setting.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static object? Convert(JsonElement value, Type type, int decoderStart)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (type == typeof(nn.Module))
            return new Shifting(decoderStart);
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
