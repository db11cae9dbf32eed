using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

/// <summary>A folder of checkpoints, looked at from outside.</summary>
internal sealed record RunFolder(string Path)
{
    private static readonly string[] _sameBytes = ["model.safetensors", "config.json", "optimizer.safetensors", "scheduler.json", "rng_state.safetensors"];

    public string Of(int step) => System.IO.Path.Combine(Path, $"checkpoint-{step}");

    /// <summary>The updates of the whole checkpoints, the newest first.</summary>
    public IReadOnlyList<int> Whole => Directory.Exists(Path)
        ? [.. Directory.GetDirectories(Path, "checkpoint-*").Where(folder => CheckpointVerification.FindDamage(folder) is null).Select(folder => CheckpointName.StepOf(folder)!.Value).OrderDescending()]
        : [];

    /// <summary>Changes one byte in the middle of the optimizer's state.</summary>
    public void Damage(int step)
    {
        var file = System.IO.Path.Combine(Of(step), "optimizer.safetensors");
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Weights, optimizer, schedule, random numbers and log history have to be those of another run, bit for bit; times and speeds may differ.</summary>
    public void AssertSame(RunFolder other, int step)
    {
        var differences = new Differences();
        foreach (var file in _sameBytes)
            differences.List($"checkpoint-{step}/{file}, bytes", File.ReadAllBytes(System.IO.Path.Combine(other.Of(step), file)), File.ReadAllBytes(System.IO.Path.Combine(Of(step), file)));
        var (expected, actual) = (other.State(step), State(step));
        differences.Same("state", Summary(expected), Summary(actual));
        differences.List("log history", expected.LogHistory.ConvertAll(Timeless), actual.LogHistory.ConvertAll(Timeless));
        differences.AssertNone();
    }

    private TrainerState State(int step) => TrainerState.FromJson(File.ReadAllBytes(System.IO.Path.Combine(Of(step), TrainerState.FileName)));

    private static string Summary(TrainerState s) => $"{s.GlobalStep} {s.Epoch:R} {s.TotalFlos:R} {s.BestMetric:R} {s.BestGlobalStep} {s.MaxSteps} {s.NumInputTokensSeen}";

    private static string Timeless(LogRecord record) =>
        string.Join(", ", record.Where(p => !p.Key.EndsWith("_runtime", StringComparison.Ordinal) && !p.Key.EndsWith("_per_second", StringComparison.Ordinal)).Select(p => $"{p.Key} {p.Value:R}"));
}
