using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A schedule of golden data over groups without parameters.</summary>
internal sealed class ScheduleRun : IDisposable
{
    private readonly JsonElement _golden;
    private readonly TrainingArguments _arguments;
    private readonly SGD _optimizer;
    private readonly int _total;

    public ScheduleRun(JsonElement golden, string name)
    {
        if (!LearningRateSchedules.Names.Contains(name))
            GoldenFolder.Skip($"learning-rate schedule '{name}' is not registered");
        _golden = golden;
        _total = golden.GetProperty("num_training_steps").GetInt32();
        _arguments = new TrainingArguments
        {
            LrSchedulerType = name,
            LearningRate = golden.GetProperty("learning_rate").GetDouble(),
            WarmupSteps = golden.GetProperty("warmup_steps").GetDouble(),
            LrSchedulerKwargs = ReadOptions(golden.GetProperty("lr_scheduler_kwargs")),
        };
        _optimizer = new SGD([.. golden.GetProperty("group_learning_rates").EnumerateArray().Select(rate => new ParameterGroup([], 0, rate.GetDouble()))]);
    }

    /// <summary>Steps that there are rates for.</summary>
    public int Count => _golden.GetProperty("lr").GetArrayLength();

    public int WarmupSteps => _arguments.ResolveWarmupSteps(_total);

    public LearningRateScheduler Make() => LearningRateSchedules.Create(_optimizer, _arguments.ToScheduleSettings(_total));

    public void Step(LearningRateScheduler scheduler, int step)
    {
        if (!_golden.TryGetProperty("metrics", out var metrics))
            scheduler.Step();
        else if (step < metrics.GetArrayLength())
            scheduler.Step(GoldenTensor.Number(metrics[step]));
    }

    public void Compare(int step, Differences differences)
    {
        var expected = _golden.GetProperty("lr")[step];
        var rates = expected.ValueKind == JsonValueKind.Array ? [.. expected.EnumerateArray()] : new[] { expected };
        foreach (var (should, group) in rates.Zip(_optimizer.Groups))
            differences.Number($"rate {step}", should.GetDouble(), group.LearningRate, 0, 1e-9);
    }

    public void Dispose() => _optimizer.Dispose();

    private static KeywordArguments? ReadOptions(JsonElement given) => given.ValueKind == JsonValueKind.Null ? null : new KeywordArguments(given.EnumerateObject().Select(o => KeyValuePair.Create(o.Name, Value(o.Value))));

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        _ => value.GetDouble(),
    };
}
