using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microsoft.ML.HfTrainer.Reporting.Telemetry;

/// <summary>Something whose every run is an activity and a duration.</summary>
internal sealed class Operation(string name)
{
    private readonly Histogram<double> _duration = TrainerTelemetry.Meter.CreateHistogram<double>($"hftrainer.{name}.duration", "s");

    /// <summary>A run, until it is disposed.</summary>
    public Running Start() => new(this, TrainerTelemetry.Source.StartActivity(name), Stopwatch.GetTimestamp());

    /// <summary>A run of an operation that fails unless it is said to be done.</summary>
    public ref struct Running(Operation operation, Activity? activity, long start)
    {
        private bool _isDone;

        /// <summary>The run came to its end.</summary>
        public void Done() => _isDone = true;

        public void Dispose()
        {
            operation._duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (!_isDone)
                activity?.SetStatus(ActivityStatusCode.Error);
            activity?.Dispose();
        }
    }
}
