using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.ML.HfTrainer.Reporting.Telemetry;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The metrics and traces of trainers, for OpenTelemetry or any other listener of <c>System.Diagnostics</c>. Listeners add the meter and the activity source named
/// <see cref="Name"/>; without a listener, nothing is recorded.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>instrument</term><description>value</description></listheader>
/// <item><term><c>hftrainer.steps</c></term><description>counter: the number of updates</description></item>
/// <item><term><c>hftrainer.loss</c>, <c>hftrainer.grad_norm</c>, <c>hftrainer.learning_rate</c></term><description>gauges: the logged values</description></item>
/// <item>
/// <term><c>hftrainer.samples_per_second</c></term>
/// <description>gauge: training examples per second since the last log, without the time between updates</description>
/// </item>
/// <item><term><c>hftrainer.evaluation.metric</c></term><description>gauge: each value of an evaluation, with its name in the tag <c>metric</c></description></item>
/// <item>
/// <term><c>hftrainer.train.duration</c>, <c>hftrainer.evaluate.duration</c>, <c>hftrainer.save.duration</c></term>
/// <description>histograms, in seconds</description>
/// </item>
/// </list>
/// Activities: <c>train</c> with the children <c>evaluate</c> and <c>save</c>. An activity that an exception ends has the status Error.
/// </remarks>
public static class TrainerTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Microsoft.ML.HfTrainer";

    private static readonly string? _version = typeof(TrainerTelemetry).Assembly.GetName().Version?.ToString(3);

    internal static ActivitySource Source { get; } = new(Name, _version);

    internal static Meter Meter { get; } = new(Name, _version);

    /// <summary>Gets the operation of a whole run.</summary>
    internal static Operation Train { get; } = new("train");

    /// <summary>Gets the operation of an evaluation or prediction.</summary>
    internal static Operation Evaluate { get; } = new("evaluate");

    /// <summary>Gets the operation of writing a checkpoint.</summary>
    internal static Operation Save { get; } = new("save");
}
