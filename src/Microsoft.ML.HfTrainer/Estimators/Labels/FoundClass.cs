namespace Microsoft.ML.HfTrainer.Estimators.Labels;

/// <summary>What a label says: a class, an unknown one, or nothing.</summary>
/// <param name="Index">The index of the class; -1 if there is none.</param>
/// <param name="Unknown">The text of a value that is none of the classes; null if it is one, or is missing.</param>
internal readonly record struct FoundClass(int Index, string? Unknown = null)
{
    public static FoundClass Missing { get; } = new(-1);
}
