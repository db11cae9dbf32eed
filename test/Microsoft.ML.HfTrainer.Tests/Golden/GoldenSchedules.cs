using System.Reflection;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Learning rates of every update, or after every metric, against those of the original.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenSchedules
{
    public static IEnumerable<object[]> Rows => Cases().Select((c, index) => new object[] { index, c.GetProperty("lr_scheduler_type").GetString()! });

    public static string RowName(MethodInfo method, object[] row) => $"schedule {row[0]}, {row[1]}{(method.Name == nameof(GoesOnFromItsState) ? ", from its state" : "")}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/schedules.json", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(int index, string name)
    {
        var golden = Cases()[index];
        using var run = new ScheduleRun(golden, name);
        if (golden.TryGetProperty("error", out _))
        {
            AssertRefused(golden, Assert.Throws<ArgumentException>(() => run.Make()));
            return;
        }
        var (scheduler, differences) = (run.Make(), new Differences());
        differences.Same("resolved_warmup_steps", golden.GetProperty("resolved_warmup_steps").GetInt32(), run.WarmupSteps);
        differences.Same("StepsByMetric", golden.TryGetProperty("metrics", out _), scheduler.StepsByMetric);
        for (var step = 0; step < run.Count; step++)
        {
            run.Compare(step, differences);
            run.Step(scheduler, step);
        }
        differences.AssertNone();
    }

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void GoesOnFromItsState(int index, string name)
    {
        var golden = Cases()[index];
        if (golden.TryGetProperty("error", out _))
            return;
        using ScheduleRun first = new(golden, name), second = new(golden, name);
        var (scheduler, resumed, differences) = (first.Make(), second.Make(), new Differences());
        var half = first.Count / 2;
        for (var step = 0; step < half; step++)
            first.Step(scheduler, step);
        resumed.LoadState(System.Text.Json.Nodes.JsonNode.Parse(scheduler.ExportState().ToJsonString())!.AsObject());
        for (var step = half; step < second.Count; step++)
        {
            second.Compare(step, differences);
            second.Step(resumed, step);
        }
        differences.AssertNone();
    }

    private static void AssertRefused(JsonElement golden, ArgumentException failure)
    {
        var given = golden.GetProperty("lr_scheduler_kwargs") is { ValueKind: JsonValueKind.Object } options ? options.EnumerateObject().Select(o => o.Name).ToList() : [];
        Assert.Contains(nameof(TrainingArguments.LrSchedulerKwargs), failure.Message);
        Assert.IsTrue(given.Count == 0 || given.Any(failure.Message.Contains), $"none of {string.Join(", ", given)} is in: {failure.Message}");
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
