using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Distributed.DeepSpeed;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>DeepSpeed configurations that the original completes or refuses.</summary>
[TestClass]
[TestCategory(DistributedCases.Category)]
public class GoldenDeepSpeed
{
    public static IEnumerable<object[]> Rows => DistributedCases.Rows("deepspeed.json", "cases");

    public static string RowName(MethodInfo method, object[] row) => $"deepspeed {DistributedCases.RowName(method, row)}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("distributed/deepspeed.json", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name, int index)
    {
        var golden = DistributedCases.Get("deepspeed.json", "cases", index);
        var given = golden.GetProperty("config");
        if (Text(golden, "raised_in") == "construct")
        {
            Assert.Contains(given.GetString()!, Assert.ThrowsExactly<ArgumentException>(() => DeepSpeedConfiguration.Read(given.GetString()!)).Message, name);
            return;
        }
        var differences = new Differences();
        var filled = DeepSpeedConfiguration.Read(given.GetRawText()).Fill(Arguments(golden).ToDeepSpeedArguments(golden.GetProperty("world_size").GetInt32()));
        Same("after_process", golden.GetProperty("after_process"), filled.Values, differences);
        differences.List("mismatches", [.. golden.GetProperty("mismatches_after_process").EnumerateArray().Select(line => Plain(line.GetString()!))], [.. filled.Mismatches.Select(Plain)]);
        ComparePlan(golden, filled.Plan(), differences);
        differences.AssertNone();
        if (golden.TryGetProperty("error", out _))
            AssertRefused(golden, Assert.ThrowsExactly<ArgumentException>(() => filled.Finish(Run(golden))).Message);
        else
            CompareFinished(golden, filled.Finish(Run(golden)), differences);
        differences.AssertNone();
    }

    private static void ComparePlan(JsonElement golden, DeepSpeedPlan plan, Differences differences)
    {
        var stage = golden.GetProperty("stage");
        differences.Same("dtype", Text(golden, "dtype"), plan.ComputeType switch { ScalarType.BFloat16 => "bfloat16", ScalarType.Float16 => "float16", _ => "float32" });
        differences.Same("is_zero2", stage.GetProperty("is_zero2").GetBoolean(), plan.ZeroStage == 2);
        differences.Same("is_zero3", stage.GetProperty("is_zero3").GetBoolean(), plan.ZeroStage == 3);
        differences.Same("is_offload", stage.GetProperty("is_offload").GetBoolean(), plan.IsOffloaded);
    }

    private static void CompareFinished(JsonElement golden, DeepSpeedConfiguration finished, Differences differences)
    {
        var (plan, resolved) = (finished.Plan(), golden.GetProperty("resolved"));
        Same("resolved", resolved, finished.Values, differences);
        differences.Same("optimizer", Text(golden, "optimizer") == "DeepSpeed", plan.Optimizer is not null);
        differences.Same("scheduler", Text(golden, "scheduler") == "DeepSpeed", plan.Scheduler is not null);
        differences.Same("GradientClipping", Number(resolved, "gradient_clipping"), plan.GradientClipping);
        differences.Same("MicroBatchSize", Number(resolved, "train_micro_batch_size_per_gpu"), plan.MicroBatchSize);
        differences.Same("GradientAccumulationSteps", Number(resolved, "gradient_accumulation_steps"), plan.GradientAccumulationSteps);
        differences.Same("TrainBatchSize", Number(resolved, "train_batch_size"), plan.TrainBatchSize);
        if (resolved.TryGetProperty("zero_optimization", out var zero))
            differences.Same("ReduceBucketSize", Number(zero, "reduce_bucket_size"), plan.ReduceBucketSize);
    }

    // The original's lines are "- ds KEY=VALUE vs hf ARGUMENT=VALUE"; other refusals name keys in quotes, or the stage.
    private static void AssertRefused(JsonElement golden, string message)
    {
        var expected = Text(golden, "message")!;
        var lines = expected.Split('\n').Where(line => line.StartsWith("- ds ", StringComparison.Ordinal)).Select(Plain).ToList();
        var found = message.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();
        Assert.HasCount(lines.Count, found, message);
        foreach (var (line, shown) in lines.Zip(found))
            Assert.StartsWith($"- {line.Split('=')[0]} is ", shown, message);
        foreach (var key in expected.Split('\'').Where(part => part.StartsWith("zero_optimization.", StringComparison.Ordinal)))
            Assert.Contains(key, message);
        if (lines.Count == 0)
            Assert.Contains(expected.Contains("Stage 3") ? "stage" : "hidden_size", message);
    }

    // "key=value|argument=value", in one notation.
    private static string Plain(string line) => Plain(line["- ds ".Length..].Split(" vs hf "));

    private static string Plain(DeepSpeedMismatch mismatch) => Plain([$"{mismatch.Key}={mismatch.Found}", $"{mismatch.Argument}={mismatch.Expected}"]);

    private static string Plain(string[] sides) => string.Join('|', sides).Replace(" ", "").ToLowerInvariant();

    private static void Same(string name, JsonElement expected, JsonObject actual, Differences differences)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(expected.GetRawText()), actual))
            differences.Same(name, expected.GetRawText(), actual.ToJsonString());
    }

    private static TrainingArguments Arguments(JsonElement golden)
    {
        var arguments = GoldenArguments.Read(golden.GetProperty("args"));
        arguments.AutoFindBatchSize = golden.TryGetProperty("auto_find", out var search) && search.GetBoolean();
        return arguments;
    }

    private static DeepSpeedRun Run(JsonElement golden)
    {
        var steps = golden.GetProperty("num_training_steps").GetInt32();
        var model = JsonFields.Read("config.json", System.Text.Encoding.UTF8.GetBytes(golden.GetProperty("model").GetRawText()));
        return new DeepSpeedRun(steps, Arguments(golden).ResolveWarmupSteps(steps), model, golden.TryGetProperty("inference", out var inference) && inference.GetBoolean());
    }

    private static string? Text(JsonElement golden, string field) => golden.TryGetProperty(field, out var text) ? text.GetString() : null;

    private static double? Number(JsonElement golden, string field) => golden.TryGetProperty(field, out var number) ? number.GetDouble() : null;
}
