using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>
/// Sentence embeddings of both libraries: one golden model of each architecture in a folder of sentence-transformers, with one pooling and other modules after
/// another; as that folder is, as it is saved here, and as it is saved there. Where there is no Python with the original, the test says so.
/// </summary>
[TestClass]
[TestCategory("Process")]
public sealed class PythonSentences
{
    private const int Outputs = 5;

    private static readonly string[][] _poolings =
        [["mean_tokens"], ["cls_token"], ["lasttoken"], ["max_tokens"], ["mean_sqrt_len_tokens"], ["weightedmean_tokens"], ["cls_token", "mean_tokens", "lasttoken"]];

    private static readonly int[][] _texts = [[7, 9, 11, 8, 21, 5, 2], [12, 6, 9, 2], [30, 2]];

    // Decoders that were made into encoders.
    private static readonly Dictionary<string, string[]> _changes = new()
    {
        ["gemma3_text"] = ["""{ "use_bidirectional_attention": true }"""],
        ["gpt2"] = ["""{ "is_causal": false }"""],
        ["mistral"] = ["""{ "is_causal": false, "sliding_window": 3 }"""],
        ["qwen3"] = ["""{ "is_causal": false }"""],
    };

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Embeddings_are_the_same_on_both_sides()
    {
        using var folder = new TemporaryFolder();
        var cases = Cases().Select((c, index) => new SentenceCase(c.Model, c.Changes, index, folder[$"{index}"])).ToList();
        Assert.IsNotEmpty(cases);
        var input = new JsonArray();
        foreach (var made in cases)
        {
            made.Make();
            foreach (var leftPadding in new[] { false, true })
            {
                input.Add(made.Entry(made.Source, leftPadding, again: null));
                input.Add(made.Entry(made.Saved, leftPadding, again: leftPadding ? made.Again : null));
            }
        }
        var output = PythonPeer.Run("sentences.py", input.ToJsonString(), TestContext);
        var differences = new Differences();
        using var results = JsonDocument.Parse(output);
        foreach (var (made, result) in cases.Zip(results.RootElement.EnumerateArray().Chunk(4)))
            made.Compare(result, differences);
        TestContext.WriteLine($"{cases.Count} models embedded texts on both sides.");
        differences.AssertNone();
    }

    private static IEnumerable<(string Model, string Changes)> Cases() =>
        from model in GoldenFolder.Cases("models", ModelCase.File).GroupBy(folder => PretrainedConfig.FromPretrained(folder).ModelType)
        where Architecture.Registered.ContainsKey(model.Key)
        from changes in _changes.GetValueOrDefault(model.Key, []).Prepend("{}")
        select (model.First(), changes);

    private sealed class SentenceCase(string model, string changes, int index, string folder)
    {
        private readonly PretrainedConfig _config = PretrainedConfig.FromPretrained(model);

        public string Source => Path.Combine(folder, "source");

        public string Saved => Path.Combine(folder, "saved");

        public string Again => Path.Combine(folder, "again");

        public void Make()
        {
            var pooling = _poolings[index % _poolings.Length];
            using var bare = AutoModelForSentenceEmbedding.FromPretrained(model);
            var size = (int)bare.SentenceEmbedding!.Size;
            var inputs = size * pooling.Length;
            (string, string) transformer = ("Transformer", ""), poolingModule = ("Pooling", SentenceFolder.Pooling(size, pooling)), normalize = ("Normalize", "");
            SentenceFolder.Copy(model, Source);
            var config = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Source, PretrainedConfig.FileName)))!.AsObject();
            foreach (var (field, value) in JsonNode.Parse(changes)!.AsObject())
                config[field] = value?.DeepClone();
            File.WriteAllText(Path.Combine(Source, PretrainedConfig.FileName), config.ToJsonString());
            // With a layer in the midst, as it was, or brought to length 1.
            switch (index % 3)
            {
                case 0:
                    var (outputs, residual) = index % 2 == 0 ? (Outputs, true) : (inputs, false);
                    SentenceFolder.Write(Source, transformer, poolingModule, ("Dense", SentenceFolder.Dense(inputs, outputs, residual: residual)), normalize);
                    SentenceFolder.WriteDense(Path.Combine(Source, "2_Dense"), inputs, outputs, residual);
                    break;
                case 1:
                    SentenceFolder.Write(Source, transformer, poolingModule);
                    break;
                default:
                    SentenceFolder.Write(Source, transformer, poolingModule, normalize);
                    break;
            }
            using var made = AutoModelForSentenceEmbedding.FromPretrained(Source);
            made.SavePretrained(Saved);
        }

        public JsonObject Entry(string source, bool leftPadding, string? again)
        {
            using var batch = Batch(leftPadding);
            return new JsonObject { ["folder"] = source, ["again"] = again, ["inputs"] = new JsonObject { ["input_ids"] = Rows(batch, "input_ids"), ["attention_mask"] = Rows(batch, "attention_mask") } };
        }

        public void Compare(JsonElement[] results, Differences differences)
        {
            var name = $"{_config.ModelType} {changes}, {string.Join("+", _poolings[index % _poolings.Length])}";
            foreach (var (place, result) in results.Index())
            {
                differences.Same($"{name}: error", null, result.GetProperty("error").GetString());
                if (result.GetProperty("error").ValueKind != JsonValueKind.Null)
                    return;
                // What is saved here holds what the original's model has, and nothing else.
                if (place % 2 == 1)
                    foreach (var list in new[] { "missing", "unexpected" })
                        differences.Same($"{name}: {list}", "[]", result.GetProperty(list).GetRawText());
            }
            foreach (var source in new[] { Source, Saved, Again })
            {
                using var scope = NewDisposeScope();
                using var made = AutoModelForSentenceEmbedding.FromPretrained(source, new() { Attention = AttentionImplementation.Eager });
                if (source != Source)
                    differences.Same($"{name}: report", "", made.LoadReport.ToString());
                foreach (var (place, result) in results.Index())
                {
                    using var batch = Batch(leftPadding: place >= 2);
                    var expected = GoldenTensor.Of(GoldenTensor.FromJson(result.GetProperty("embeddings")));
                    differences.Tensor($"{name}, {Path.GetFileName(source)}, result {place}", expected, made.call(batch).SentenceEmbedding!, 1e-5, 1e-4);
                }
            }
        }

        private Batch Batch(bool leftPadding)
        {
            var padding = _config.GetIntOrNull("pad_token_id") ?? 0;
            return new DataCollatorWithPadding(padding, side: leftPadding ? Side.Left : Side.Right).Collate([.. _texts.Select(ids => new Example { ["input_ids"] = ids })]);
        }

        private static JsonArray Rows(Batch batch, string name)
        {
            var tensor = batch.Get(name);
            return new JsonArray([.. tensor.data<long>().ToArray().Chunk((int)tensor.shape[1]).Select(row => new JsonArray([.. row.Select(id => JsonValue.Create(id))]))]);
        }
    }
}
