namespace Microsoft.ML.HfTrainer.Metrics.Tagging;

/// <summary>An entity in a sentence.</summary>
/// <param name="Type">The type, such as PER.</param>
/// <param name="Start">The position of the first word.</param>
/// <param name="End">The position after the last word.</param>
internal readonly record struct Entity(string Type, int Start, int End);
