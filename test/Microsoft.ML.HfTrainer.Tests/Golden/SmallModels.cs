using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A small model of every registered architecture and head, with random weights, in a folder like those of golden models.</summary>
internal static class SmallModels
{
    private const int Classes = 3, Width = 9, Beyond = 40, Seed = 11;

    // Of those from here up none has a meaning of its own, and neither has the last in any configuration but as padding.
    private const int FirstWord = 5, Words = 110;

    private static readonly int[] _lengths = [Width, 7, 4, 6];

    private static readonly JsonObject _configurations =
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "peer", "configurations.json")))!.AsObject();

    // Other tests register architectures of their own.
    private static readonly HashSet<Architecture> _ofTheLibrary =
        [.. typeof(Architecture).Assembly.GetTypes().Select(type => type.GetField("Registration", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null)).OfType<Architecture>()];

    // What a head is asked for, of the texts of a batch and a stream of random numbers.
    private static readonly Dictionary<ModelHead, Action<JsonObject, int[][], Random>> _labels = new()
    {
        [ModelHead.Base] = (inputs, texts, random) => inputs["decoder_input_ids"] = Rows(texts.Select(_ => Draw(random, 5))),
        [ModelHead.SequenceClassification] = (inputs, texts, _) => inputs["labels"] = Row(texts.Select((_, i) => i % Classes)),
        [ModelHead.TokenClassification] = (inputs, texts, random) => inputs["labels"] = Rows(texts.Select(text => Enumerable.Range(0, Width).Select(i => i == 0 || i >= text.Length ? Batch.IgnoredLabel : random.Next(Classes)))),
        [ModelHead.QuestionAnswering] = (inputs, _, _) => (inputs["start_positions"], inputs["end_positions"]) = (Row([1, 2, Beyond, 0]), Row([3, Beyond, 2, 1])),
        [ModelHead.MaskedLM] = (inputs, texts, _) => inputs["labels"] = Rows(texts.Select(text => Filled(text.Select((id, i) => i % 3 == 1 ? id : Batch.IgnoredLabel), Batch.IgnoredLabel))),
        [ModelHead.CausalLM] = (inputs, texts, _) => inputs["labels"] = Rows(texts.Select(text => Filled(text, Batch.IgnoredLabel))),
        [ModelHead.Seq2SeqLM] = (inputs, texts, random) => inputs["labels"] = Rows(texts.Select((_, i) => Filled(Draw(random, 6 - i), Batch.IgnoredLabel))),
        [ModelHead.MultipleChoice] = (inputs, texts, _) => inputs["labels"] = Row(texts.Chunk(2).Select((_, i) => i % 2)),
    };

    /// <summary>Every pair but sentence embeddings, whose classes are those of hidden states, of the library's own architectures.</summary>
    public static IReadOnlyList<(string ModelType, ModelHead Head)> Pairs =>
    [
        .. from architecture in Architecture.Registered.Values.OrderBy(a => a.ModelType, StringComparer.Ordinal)
           where _ofTheLibrary.Contains(architecture)
           from head in architecture.Heads.Order()
           where head != ModelHead.SentenceEmbedding
           select (architecture.ModelType, head),
    ];

    /// <summary>Writes configuration, weights and a batch into a folder.</summary>
    public static ModelCase Make(string folder, string modelType, ModelHead head)
    {
        using var scope = NewDisposeScope();
        using var model = ModelLoading.FromConfig(Configuration(modelType, head), null, head);
        using var generator = new Generator(Seed);
        using (no_grad())
        {
            // Biases and norms too, which all would be alike in a new model.
            foreach (var (_, weight) in model.SavedWeights())
                weight.add_(randn(weight.shape, generator: generator) * 0.1f);
        }
        model.SavePretrained(folder);
        var made = new JsonObject { ["head"] = head.ToString(), ["inputs"] = Inputs(model, head), ["sensitivity"] = new JsonObject() };
        File.WriteAllText(Path.Combine(folder, ModelCase.File), made.ToJsonString());
        return new ModelCase(folder);
    }

    private static PretrainedConfig Configuration(string modelType, ModelHead head)
    {
        if (_configurations[modelType] is not JsonObject fields)
            throw new AssertFailedException($"configurations.json has no '{modelType}', which is registered.");
        var config = PretrainedConfig.Parse(modelType, Encoding.UTF8.GetBytes(fields.ToJsonString()));
        if (head is ModelHead.SequenceClassification or ModelHead.TokenClassification)
            config.Labels = [.. Enumerable.Range(0, Classes).Select(i => $"L{i}")];
        // Of encoders that can be decoders too.
        if (head == ModelHead.CausalLM && config.Has("is_decoder"))
            config.Set("is_decoder", true);
        return config;
    }

    private static JsonObject Inputs(PretrainedModel model, ModelHead head)
    {
        var random = new Random(Seed);
        var padding = model.Config.GetInt("pad_token_id");
        int[][] texts = [.. _lengths.Select(length => Draw(random, length))];
        if (model.Config.GetIntOrNull("eos_token_id") is { } end)
            foreach (var text in texts)
                text[^1] = end;
        var inputs = new JsonObject
        {
            ["input_ids"] = Rows(texts.Select(text => Filled(text, padding))),
            ["attention_mask"] = Rows(texts.Select(text => Filled(text.Select(_ => 1), 0))),
        };
        if (model.InputNames.Contains("token_type_ids") && model.Config.GetInt("type_vocab_size", 0) > 1)
            inputs["token_type_ids"] = Rows(texts.Select(text => Filled(text.Select((_, i) => i < 2 ? 0 : 1), 0)));
        if (head == ModelHead.MultipleChoice)
            foreach (var (name, rows) in inputs.ToList())
                inputs[name] = new JsonArray([.. rows!.AsArray().Select(row => row!.DeepClone()).Chunk(2).Select(choices => new JsonArray(choices))]);
        _labels[head](inputs, texts, random);
        foreach (var name in inputs.Select(i => i.Key).Except(model.InputNames).ToList())
            inputs.Remove(name);
        return inputs;
    }

    private static int[] Draw(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => FirstWord + random.Next(Words))];

    private static IEnumerable<int> Filled(IEnumerable<int> values, int padding) => values.Concat(Enumerable.Repeat(padding, Width)).Take(Width);

    private static JsonArray Rows(IEnumerable<IEnumerable<int>> rows) => new([.. rows.Select(Row)]);

    private static JsonArray Row(IEnumerable<int> values) => new([.. values.Select(v => (JsonNode)JsonValue.Create(v))]);
}
