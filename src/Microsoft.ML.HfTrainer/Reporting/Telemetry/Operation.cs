using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microsoft.ML.HfTrainer.Reporting.Telemetry;

/// <summary>An operation of a run, recorded as an activity and a duration.</summary>
internal sealed class Operation(string name)
{
    private readonly Histogram<double> _duration = TrainerTelemetry.Meter.CreateHistogram<double>($"hftrainer.{name}.duration", "s");

    /// <summary>Starts the operation; it ends when the result is disposed.</summary>
    /// <param name="globalStep">The number of updates made so far.</param>
    public Running Start(int globalStep)
    {
        var activity = TrainerTelemetry.Source.StartActivity(name);
        activity?.SetTag("hftrainer.global_step", globalStep);
        return new Running(_duration, activity);
    }

    /// <summary>An operation that was started. Its activity has the status Error unless <see cref="Done"/> is called.</summary>
    public sealed class Running(Histogram<double> duration, Activity? activity) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private bool _isDone;

        /// <summary>Marks the operation as successful.</summary>
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
