using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Runs with dropout and shuffling against those of the original: from the seed alone come the same order, new head and losses.</summary>
[TestClass]
[TestCategory("GoldenCurve")]
public class GoldenCurve
{
    private const string Suite = "curve";

    public static IEnumerable<object[]> Rows => Directory.Exists(Path.Combine(GoldenFolder.Path, Suite))
        ? Directory.GetFiles(Path.Combine(GoldenFolder.Path, Suite), "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).Select(name => new object[] { name! })
        : [];

    public static string RowName(MethodInfo method, object[] row) => (string)row[0];

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound(Suite, Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name)
    {
        using var document = GoldenFolder.ReadJson(Path.Combine(GoldenFolder.Path, Suite, name + ".json"));
        var golden = document.RootElement;
        var arguments = GoldenArguments.Read(golden.GetProperty("arguments"));
        var attention = GoldenModel.Attention(golden.GetProperty("attn_implementation").GetString()!);
        using var threads = new ThreadCount(golden.GetProperty("threads").GetInt32());
        using var kept = new GeneratorState();
        random.manual_seed(golden.GetProperty("seed").GetInt64());
        using var setup = golden.TryGetProperty("weights", out _) ? CurveSetup.Tiny(golden, attention) : CurveSetup.MiniLm(golden, attention);
        var differences = new Differences();
        if (golden.TryGetProperty("new_head", out var head))
            CompareHead(head, setup.Model, differences);
        var collator = new RecordingCollator(setup.Collator, setup.Train);
        using var trainer = new Trainer(setup.Model, arguments, Dataset.From(setup.Train), setup.Eval is { } eval ? Dataset.From(eval) : null,
            dataCollator: collator, computeMetrics: HasAccuracy(golden) ? EvalMetrics.Accuracy : null);
        trainer.Train();
        differences.List("order", [.. golden.GetProperty("order").EnumerateArray().Select(b => string.Join(' ', b.EnumerateArray()))], collator.Batches);
        CompareLog(golden.GetProperty("log_history"), trainer.State.LogHistory, differences);
        differences.AssertNone();
    }

    private static void CompareHead(JsonElement head, PretrainedModel model, Differences differences)
    {
        foreach (var weight in head.EnumerateObject())
        {
            using var expected = GoldenTensor.FromJson(weight.Value);
            differences.Tensor(weight.Name, GoldenTensor.Of(expected), model.named_parameters().Single(p => p.name == weight.Name).parameter, 1e-7);
        }
    }

    private static void CompareLog(JsonElement expected, List<LogRecord> actual, Differences differences)
    {
        var records = expected.EnumerateArray().ToList();
        differences.List("log records", records.ConvertAll(r => string.Join(' ', r.EnumerateObject().Select(v => v.Name))), actual.ConvertAll(r => string.Join(' ', r.Keys)));
        foreach (var (should, was) in records.Zip(actual))
            foreach (var value in should.EnumerateObject().Where(v => was.ContainsKey(v.Name) && !IsSpeed(v.Name)))
            {
                var (absolute, relative) = Tolerance(value.Name, should.GetProperty("step").GetInt32());
                differences.Number($"step {should.GetProperty("step")}, {value.Name}", GoldenTensor.Number(value.Value), was[value.Name], absolute, relative);
            }
    }

    private static bool HasAccuracy(JsonElement golden) => golden.GetProperty("log_history").EnumerateArray().Any(r => r.TryGetProperty("eval_accuracy", out _));

    private static bool IsSpeed(string name) => name.EndsWith("_runtime", StringComparison.Ordinal) || name.EndsWith("_per_second", StringComparison.Ordinal);

    private static (double Absolute, double Relative) Tolerance(string name, int step) => name switch
    {
        "loss" => (step <= 10 ? 2e-4 : 2e-3, 0),
        "grad_norm" => (0, 1e-2),
        "learning_rate" => (0, 1e-9),
        "eval_loss" or "train_loss" => (2e-3, 0),
        _ => (0, 0),
    };
}
