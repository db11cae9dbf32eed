using System.Reflection;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Learning rates of every update against those of the original.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenSchedules
{
    public static IEnumerable<object[]> Rows => Cases().Select((c, index) => new object[] { index, c.GetProperty("lr_scheduler_type").GetString()! });

    public static string RowName(MethodInfo method, object[] row) => $"schedule {row[0]}, {row[1]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/schedules.json", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(int index, string name)
    {
        var golden = Cases()[index];
        if (!LearningRateSchedules.Names.Contains(name))
            GoldenFolder.Skip($"learning-rate schedule '{name}' is not registered");
        if (golden.GetProperty("lr_scheduler_kwargs").ValueKind != JsonValueKind.Null)
            GoldenFolder.Skip("TrainingArguments has no 'lr_scheduler_kwargs'");
        var (total, differences) = (golden.GetProperty("num_training_steps").GetInt32(), new Differences());
        var arguments = new TrainingArguments { LrSchedulerType = name, WarmupSteps = golden.GetProperty("warmup_steps").GetDouble() };
        var warmup = arguments.ResolveWarmupSteps(total);
        differences.Same("resolved_warmup_steps", golden.GetProperty("resolved_warmup_steps").GetInt32(), warmup);
        using var optimizer = new AdamW([.. golden.GetProperty("group_learning_rates").EnumerateArray().Select(rate => new ParameterGroup([], 0, rate.GetDouble()))]);
        var factor = LearningRateSchedules.Get(name);
        var scheduler = new LearningRateScheduler(optimizer, step => factor(step, warmup, total));
        foreach (var expected in golden.GetProperty("lr").EnumerateArray())
        {
            var rates = expected.ValueKind == JsonValueKind.Array ? [.. expected.EnumerateArray()] : new[] { expected };
            foreach (var (should, group) in rates.Zip(optimizer.Groups))
                differences.Number($"update {scheduler.LastStep + 1}", should.GetDouble(), group.LearningRate, 0, 1e-9);
            scheduler.Step();
        }
        differences.AssertNone();
    }

    private static List<JsonElement> Cases()
    {
        var file = Path.Combine(GoldenFolder.Path, "trainer", "schedules.json");
        if (!File.Exists(file))
            return [];
        using var document = GoldenFolder.ReadJson(file);
        return [.. document.RootElement.Clone().GetProperty("cases").EnumerateArray()];
    }
}
