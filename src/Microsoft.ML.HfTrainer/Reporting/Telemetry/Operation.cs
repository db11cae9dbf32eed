using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microsoft.ML.HfTrainer.Reporting.Telemetry;

/// <summary>Something whose every run is an activity and a duration.</summary>
internal sealed class Operation(string name)
{
    private readonly Histogram<double> _duration = TrainerTelemetry.Meter.CreateHistogram<double>($"hftrainer.{name}.duration", "s");

    /// <summary>A run, until it is disposed.</summary>
    public Running Start(TrainerState state)
    {
        var activity = TrainerTelemetry.Source.StartActivity(name);
        activity?.SetTag("hftrainer.global_step", state.GlobalStep);
        return new Running(_duration, activity);
    }

    /// <summary>A run of an operation, which failed unless it is said to be done.</summary>
    public sealed class Running(Histogram<double> duration, Activity? activity) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private bool _isDone;

        /// <summary>The run came to its end.</summary>
        public void Done() => _isDone = true;

        public void Dispose()
        {
            duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds);
            if (!_isDone)
                activity?.SetStatus(ActivityStatusCode.Error);
            activity?.Dispose();
        }
    }
}
