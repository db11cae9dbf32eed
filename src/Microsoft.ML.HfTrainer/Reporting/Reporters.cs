using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer;

/// <summary>The registry of reporters, by the names that <see cref="TrainingArguments.ReportTo"/> accepts.</summary>
public static class Reporters
{
    /// <summary>Creates a reporter for a run.</summary>
    /// <param name="settings">The settings of the run.</param>
    public delegate ITrainerReporter Factory(ReporterSettings settings);

    private const string None = "none", All = "all";

    private static readonly ConcurrentDictionary<string, Factory> _registered = new()
    {
        ["tensorboard"] = settings => new TensorBoardReporter(ReportFolder.OfTensorBoard(settings)),
        ["jsonl"] = settings => new JsonLinesReporter(ReportFolder.OfLog(settings, "jsonl")),
        ["csv"] = settings => new CsvReporter(ReportFolder.OfLog(settings, "csv")),
        ["wandb"] = settings => new WeightsAndBiasesReporter(settings.OutputDir),
    };

    // Trackers, which "all" stands for only where a variable of the environment says that one is there. Azure ML's is that of MLflow under another name.
    private static readonly Dictionary<string, string[]> _trackers = new() { ["wandb"] = ["WANDB_API_KEY", "WANDB_MODE"] };

    /// <summary>Gets the registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Registers a reporter under a name.</summary>
    public static void Register(string name, Factory factory) => _registered[name] = factory;

    /// <summary>Creates the reporters named in the settings, each once. <c>all</c> stands for every registered reporter, trackers only where the environment names one, <c>none</c> for no reporter.</summary>
    internal static IReadOnlyList<ITrainerReporter> For(ReporterSettings settings) =>
    [
        .. settings.ReportTo.SelectMany<string, string>(name => name switch { All => Names.Where(IsThere), None => [], _ => [name] }).Distinct()
            .Select(name => Get(name)(settings)),
    ];

    /// <summary>Returns an error message for each unknown name.</summary>
    internal static IEnumerable<string> Faults(IEnumerable<string> names) =>
        names.Select(name => Known.Fault(name, nameof(ReporterSettings.ReportTo), "reporter")).OfType<string>();

    private static IReadOnlyCollection<string> Known => [.. Names, None, All];

    private static bool IsThere(string name) =>
        !_trackers.TryGetValue(name, out var variables) || variables.Any(variable => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)));

    private static Factory Get(string name) => Known.Resolve(name, _registered, nameof(ReporterSettings.ReportTo), "reporter");
}
