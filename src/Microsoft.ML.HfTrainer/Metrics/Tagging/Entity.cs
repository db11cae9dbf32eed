namespace Microsoft.ML.HfTrainer.Metrics.Tagging;

/// <summary>An entity in a sentence.</summary>
/// <param name="Type">Its type, such as PER.</param>
/// <param name="Start">The position of its first word.</param>
/// <param name="End">The position after its last.</param>
internal readonly record struct Entity(string Type, int Start, int End);
