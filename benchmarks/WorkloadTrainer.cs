using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.HfTrainer.Benchmarks;

/// <summary>Processes examples in file order unless the workload shuffles them, so that both sides do the same work.</summary>
internal sealed class WorkloadTrainer(PretrainedModel model, TrainingArguments args, Dataset data, IDataCollator collator, Clock clock, bool shuffle)
    : Trainer(model, args, data, dataCollator: collator, computeMetrics: Accuracy, callbacks: [clock])
{
    protected override Sampler? GetTrainSampler(Dataset dataset) => shuffle ? base.GetTrainSampler(dataset) : new SequentialSampler(dataset.Count);

    private static Dictionary<string, double> Accuracy(EvalPrediction p)
    {
        var (predicted, labels) = (p.PredictedClasses(), p.LabelClasses());
        return new() { ["accuracy"] = predicted.Zip(labels).Count(x => x.First == x.Second) / (double)labels.Length };
    }
}

/// <summary>Records the time of every update.</summary>
internal sealed class Clock : ITrainerCallback
{
    public List<long> Steps { get; } = [];

    public void OnStepEnd(CallbackContext context) => Steps.Add(Stopwatch.GetTimestamp());

    /// <summary>Returns the time in the environment variable BENCH_START (Unix seconds), otherwise the start time of the process, as a timestamp.</summary>
    public static long ProcessStart()
    {
        var began = double.TryParse(Environment.GetEnvironmentVariable("BENCH_START"), NumberStyles.Float, CultureInfo.InvariantCulture, out var unix)
            ? DateTime.UnixEpoch.AddSeconds(unix)
            : Process.GetCurrentProcess().StartTime.ToUniversalTime();
        return Stopwatch.GetTimestamp() - (long)((DateTime.UtcNow - began).TotalSeconds * Stopwatch.Frequency);
    }

    public static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;
}
