using System.Reflection;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Metrics against those of scikit-learn, scipy, seqeval, sacrebleu and rouge_score. Every case is added in two parts.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenMetrics
{
    private const double Tolerance = 1e-9;

    private static readonly Lazy<JsonElement> _all = new(Read);

    public static IEnumerable<object[]> Rows => _all.Value.ValueKind == JsonValueKind.Undefined
        ? []
        : _all.Value.EnumerateObject().SelectMany(metric => Enumerable.Range(0, metric.Value.GetArrayLength()).Select(index => new object[] { metric.Name, index }));

    public static string RowName(MethodInfo method, object[] row) => $"metric {row[0]}, {row[1]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/metrics.json.gz", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name, int index)
    {
        if (!EvalMetrics.Names.Contains(name))
            GoldenFolder.Skip($"metric '{name}' is not registered");
        if (!MetricCases.All.TryGetValue(name, out var compute))
            GoldenFolder.Skip($"metric '{name}' has no inputs that this test knows");
        var (golden, differences) = (_all.Value.GetProperty(name)[index], new Differences());
        Compare(name, golden.GetProperty("value"), compute(golden), differences);
        foreach (var (beside, value) in MetricCases.Beside(name, golden))
            Compare(beside, golden.GetProperty(beside), value, differences);
        differences.AssertNone();
    }

    // Whatever the form of the golden value is, the computed one has to be of the same form, name by name and place by place.
    private static void Compare(string path, JsonElement expected, object? actual, Differences differences)
    {
        switch (expected.ValueKind, actual)
        {
            case (JsonValueKind.Object, IReadOnlyDictionary<string, object> values):
                differences.Names(path, expected.EnumerateObject().Select(p => p.Name), values.Keys);
                foreach (var property in expected.EnumerateObject().Where(p => values.ContainsKey(p.Name)))
                    Compare($"{path}.{property.Name}", property.Value, values[property.Name], differences);
                break;
            case (JsonValueKind.Array, IEnumerable<object> list):
                var items = list.ToList();
                differences.Same($"length of {path}", expected.GetArrayLength(), items.Count);
                for (var i = 0; i < Math.Min(items.Count, expected.GetArrayLength()); i++)
                    Compare($"{path}[{i}]", expected[i], items[i], differences);
                break;
            case (JsonValueKind.Null, double number):
                differences.Number(path, double.NaN, number, 0);
                break;
            case (_, double number):
                differences.Number(path, GoldenTensor.Number(expected), number, Tolerance, path.StartsWith("perplexity", StringComparison.Ordinal) || path == "per_sequence" ? Tolerance : 0);
                break;
            default:
                differences.Same(path, expected.ToString(), actual?.ToString());
                break;
        }
    }

    private static JsonElement Read()
    {
        var file = Path.Combine(GoldenFolder.Path, "trainer", "metrics.json.gz");
        if (!File.Exists(file))
            return default;
        using var document = GoldenFolder.ReadJson(file);
        return document.RootElement.Clone();
    }
}
