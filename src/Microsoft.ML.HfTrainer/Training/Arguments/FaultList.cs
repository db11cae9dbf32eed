namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>Several faults as one message.</summary>
internal static class FaultList
{
    public static string Join(IEnumerable<string> faults) => faults.ToList() is { Count: > 1 } all
        ? $"{all.Count} things are wrong with the arguments:{string.Concat(all.Select(fault => $"{Environment.NewLine}- {fault}"))}"
        : faults.Single();
}
