using System.Collections.Concurrent;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer;

/// <summary>Reporters by the names that <see cref="TrainingArguments.ReportTo"/> takes.</summary>
public static class Reporters
{
    /// <summary>Makes a reporter for a run.</summary>
    public delegate ITrainerReporter Factory(TrainingArguments arguments);

    private const string None = "none";
    private const string All = "all";

    private static readonly ConcurrentDictionary<string, Factory> _registered = new()
    {
        ["tensorboard"] = arguments => new TensorBoardReporter(ReportFolder.OfTensorBoard(arguments)),
        ["jsonl"] = arguments => new JsonLinesReporter(ReportFolder.OfLog(arguments, "jsonl")),
        ["csv"] = arguments => new CsvReporter(ReportFolder.OfLog(arguments, "csv")),
    };

    /// <summary>The registered names.</summary>
    public static IReadOnlyCollection<string> Names => [.. _registered.Keys.Order()];

    /// <summary>Makes a reporter known under a name.</summary>
    public static void Register(string name, Factory factory) => _registered[name] = factory;

    /// <summary>The reporters that a run asks for, each once; <c>all</c> stands for every one that is registered, <c>none</c> for none.</summary>
    internal static IReadOnlyList<ITrainerReporter> For(TrainingArguments arguments) =>
    [
        .. arguments.ReportTo.SelectMany<string, string>(name => name switch { All => Names, None => [], _ => [name] }).Distinct()
            .Select(name => Get(name)(arguments)),
    ];

    /// <summary>What is wrong with names; nothing: all are known.</summary>
    internal static IEnumerable<string> Faults(IEnumerable<string> names) =>
        names.Select(name => Known.Fault(name, nameof(TrainingArguments.ReportTo), "reporter")).OfType<string>();

    private static IReadOnlyCollection<string> Known => [.. Names, None, All];

    private static Factory Get(string name) => Known.Resolve(name, _registered, nameof(TrainingArguments.ReportTo), "reporter");
}
