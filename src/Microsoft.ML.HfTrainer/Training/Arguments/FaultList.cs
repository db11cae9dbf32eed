namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Joins several faults into one message.</summary>
internal static class FaultList
{
    public static string Join(IEnumerable<string> faults) => faults.ToList() is { Count: > 1 } all
        ? $"{all.Count} errors in the training arguments:{string.Concat(all.Select(fault => $"{Environment.NewLine}- {fault}"))}"
        : faults.Single();
}
