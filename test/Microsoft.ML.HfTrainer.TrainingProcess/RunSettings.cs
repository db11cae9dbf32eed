using System.Globalization;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>What the command line asks for: <c>name=value</c> each; of two with one name the later counts.</summary>
internal sealed record RunSettings
{
    /// <summary>The folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The folder of checkpoints.</summary>
    public required string Output { get; init; }

    /// <summary>Updates of the whole run.</summary>
    public required int Steps { get; init; }

    /// <summary>Examples of a micro-batch.</summary>
    public int Batch { get; init; } = 2;

    /// <summary>Checkpoints that are kept; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether the run goes on where a checkpoint cannot be written.</summary>
    public bool ContinueOnSaveFailure { get; init; }

    /// <summary>The place within a save at which the process kills itself; null: nowhere.</summary>
    public string? KillPoint { get; init; }

    /// <summary>At which time, from 1, it comes there.</summary>
    public int KillOccurrence { get; init; } = 1;

    public static RunSettings Parse(string[] args)
    {
        var values = new Dictionary<string, string>();
        foreach (var pair in args.Select(arg => arg.Split('=', 2)))
            values[pair[0]] = pair[1];
        int? Number(string name) => values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;
        return new RunSettings
        {
            Model = values["model"],
            Output = values["output"],
            Steps = Number("steps")!.Value,
            Batch = Number("batch") ?? 2,
            Limit = Number("limit"),
            ContinueOnSaveFailure = values.ContainsKey("continue"),
            KillPoint = values.GetValueOrDefault("point"),
            KillOccurrence = Number("occurrence") ?? 1,
        };
    }

    /// <summary>A run with everything that a checkpoint has to bring back: dropout, shuffled data, groups of micro-batches with a short last one, evaluations.</summary>
    public TrainingArguments Arguments() => new(Output)
    {
        MaxSteps = Steps,
        PerDeviceTrainBatchSize = Batch,
        GradientAccumulationSteps = 2,
        LearningRate = 2e-3,
        WeightDecay = 0.01,
        WarmupSteps = 5,
        Seed = 7,
        LoggingSteps = 2,
        EvalStrategy = IntervalStrategy.Steps,
        EvalSteps = 6,
        MetricForBestModel = "loss",
        SaveSteps = 3,
        SaveTotalLimit = Limit,
        EnableJitCheckpoint = true,
        ContinueOnSaveFailure = ContinueOnSaveFailure,
        UseCpu = true,
    };
}
