using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.ML.HfTrainer.Reporting.Telemetry;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// What a trainer tells OpenTelemetry, or any other listener of <c>System.Diagnostics</c>: add a meter and a source named <see cref="Name"/>. Where nobody
/// listens, nothing is measured.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>instrument</term><description>what it says</description></listheader>
/// <item><term><c>hftrainer.steps</c></term><description>counter: updates made</description></item>
/// <item><term><c>hftrainer.loss</c>, <c>hftrainer.grad_norm</c>, <c>hftrainer.learning_rate</c></term><description>gauges: as in the log</description></item>
/// <item>
/// <term><c>hftrainer.samples_per_second</c></term>
/// <description>gauge: training examples a second since the last log, time between updates aside</description>
/// </item>
/// <item><term><c>hftrainer.evaluation.metric</c></term><description>gauge: each value of an evaluation, its name under <c>metric</c></description></item>
/// <item>
/// <term><c>hftrainer.train.duration</c>, <c>hftrainer.evaluate.duration</c>, <c>hftrainer.save.duration</c></term>
/// <description>histograms, in seconds</description>
/// </item>
/// </list>
/// Activities: <c>train</c>, and in it <c>evaluate</c> and <c>save</c>. One that an exception ends has the status Error.
/// </remarks>
public static class TrainerTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Microsoft.ML.HfTrainer";

    private static readonly string? _version = typeof(TrainerTelemetry).Assembly.GetName().Version?.ToString(3);

    internal static ActivitySource Source { get; } = new(Name, _version);

    internal static Meter Meter { get; } = new(Name, _version);

    /// <summary>A whole run.</summary>
    internal static Operation Train { get; } = new("train");

    /// <summary>An evaluation or prediction of a dataset.</summary>
    internal static Operation Evaluate { get; } = new("evaluate");

    /// <summary>The writing of a checkpoint.</summary>
    internal static Operation Save { get; } = new("save");
}
