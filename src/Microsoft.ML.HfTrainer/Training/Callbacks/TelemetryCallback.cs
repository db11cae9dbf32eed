using System.Diagnostics.Metrics;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>Records the numbers of a run with the instruments of <see cref="TrainerTelemetry.Meter"/>.</summary>
internal sealed class TelemetryCallback : ITrainerCallback
{
    private static readonly Counter<long> _steps = TrainerTelemetry.Meter.CreateCounter<long>("hftrainer.steps", "{update}");
    private static readonly Gauge<double> _speed = TrainerTelemetry.Meter.CreateGauge<double>("hftrainer.samples_per_second", "{sample}/s");
    private static readonly Gauge<double> _evaluation = TrainerTelemetry.Meter.CreateGauge<double>("hftrainer.evaluation.metric");

    private static readonly (string Logged, Gauge<double> Gauge)[] _training =
    [
        .. new[] { "loss", "grad_norm", "learning_rate" }.Select(name => (name, TrainerTelemetry.Meter.CreateGauge<double>("hftrainer." + name))),
    ];

    private readonly TrainingPace _pace = new();

    public void OnTrainBegin(CallbackContext context) => _pace.Begin(context);

    public void OnStepBegin(CallbackContext context) => _pace.BeginUpdate();

    public void OnStepEnd(CallbackContext context)
    {
        _pace.EndUpdate(context);
        _steps.Add(1);
    }

    public void OnLog(CallbackContext context, LogRecord logs)
    {
        foreach (var (name, gauge) in _training)
            if (logs.TryGetValue(name, out var value))
                gauge.Record(value);
        if (logs.ContainsKey("loss") && _pace.TakeExamplesPerSecond() is { } speed)
            _speed.Record(speed);
    }

    public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics)
    {
        if (!_evaluation.Enabled)
            return;
        foreach (var (name, value) in metrics)
            _evaluation.Record(value, new KeyValuePair<string, object?>("metric", name));
    }
}
