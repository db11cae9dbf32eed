using System.Text;
using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Checks that the processes that train together have the same model, arguments and amount of data.</summary>
internal static class ProcessAgreement
{
    private const char Separator = '\n';

    // Each machine may have folders of its own.
    private static readonly string[] _own = [nameof(TrainingArguments.OutputDir)];

    /// <exception cref="ArgumentException">A process differs from the first; the message names it and what differs.</exception>
    public static void Check(RunContext context, DataLoader loader, string? checkpoint)
    {
        var communicator = context.Communicator;
        if (communicator.WorldSize == 1)
            return;
        var own = string.Join(Separator, Facts(context, loader, checkpoint).Select(fact => fact.ReplaceLineEndings(" ")));
        var all = communicator.GatherBytes(Encoding.UTF8.GetBytes(own)).Select(text => Encoding.UTF8.GetString(text).Split(Separator)).ToList();
        foreach (var (rank, facts) in all.Index())
            if (facts.Zip(all[0]).FirstOrDefault(pair => pair.First != pair.Second) is { First: { } found, Second: var expected })
                throw new ArgumentException($"The processes differ: rank {rank} has {found}, and rank 0 has {expected}. All should have the same model, arguments and data.");
    }

    private static IEnumerable<string> Facts(RunContext context, DataLoader loader, string? checkpoint) =>
    [
        $"version {typeof(Trainer).Assembly.GetName().Version} of the library",
        checkpoint is null ? "a training from the beginning" : $"the checkpoint {Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint))}",
        $"a training set of {loader.Dataset.KnownCount?.ToString() ?? "unknown length"}",
        .. ArgumentField.All.Where(field => !_own.Contains(field.CSharpName)).Select(field => $"TrainingArguments.{field.CSharpName} {field.Show(field.Get(context.Args))}"),
        .. context.Model.named_parameters().Select(p => $"the parameter {p.name} of [{string.Join(", ", p.parameter.shape)}] {(p.parameter.requires_grad ? "" : "frozen")}".TrimEnd()),
        "the end",
    ];
}
