using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Losses on sentence embeddings, and their gradients, against those of sentence-transformers.</summary>
[TestClass]
[TestCategory("GoldenEmbeddings")]
public class GoldenEmbeddings
{
    private const double Absolute = 1e-5, Relative = 1e-4;

    private static readonly Lazy<IReadOnlyList<JsonElement>> _cases = new(Read);

    public static IEnumerable<object[]> Rows => _cases.Value.Select((golden, index) => new object[] { index, golden.GetProperty("loss").GetString()! });

    public static string RowName(MethodInfo method, object[] row) => $"loss {row[0]}, {row[1]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("embeddings/losses.json", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(int index, string name)
    {
        if (!SentenceLosses.Names.Contains(name))
            GoldenFolder.Skip($"the loss '{name}' is not registered");
        using var scope = NewDisposeScope();
        var (golden, differences) = (_cases.Value[index], new Differences());
        var loss = SentenceLosses.Get(name, new KeywordArguments(golden.GetProperty("arguments").EnumerateObject().Select(Argument)));
        var embeddings = golden.GetProperty("embeddings").EnumerateArray().Select(text => Tensor(text).requires_grad_()).ToList();
        var labels = golden.GetProperty("labels") is { ValueKind: JsonValueKind.Array } given ? Tensor(given) : null;
        var value = loss.Compute(embeddings, labels);
        value.backward();
        differences.Number("value", golden.GetProperty("value").GetDouble(), value.item<float>(), Absolute, Relative);
        var gradients = golden.GetProperty("gradients").EnumerateArray().ToList();
        differences.Same("number of gradients", gradients.Count, embeddings.Count);
        foreach (var (text, (expected, embedding)) in gradients.Zip(embeddings).Index())
            differences.Tensor($"gradient of text {text}", GoldenTensor.Of(Tensor(expected)), embedding.grad!, Absolute, Relative);
        differences.AssertNone();
    }

    private static Tensor Tensor(JsonElement nested)
    {
        using var loose = GoldenTensor.FromJson(nested);
        return loose.clone();
    }

    private static KeyValuePair<string, object?> Argument(JsonProperty argument) =>
        KeyValuePair.Create(argument.Name, argument.Value.ValueKind == JsonValueKind.String ? argument.Value.GetString() : (object?)argument.Value.GetDouble());

    private static IReadOnlyList<JsonElement> Read()
    {
        var file = Path.Combine(GoldenFolder.Path, "embeddings", "losses.json");
        if (!File.Exists(file))
            return [];
        using var document = GoldenFolder.ReadJson(file);
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(golden => golden.Clone())];
    }
}
