namespace Microsoft.ML.HfTrainer.Models;

/// <summary>The values that a model takes in a tensor of a batch: whole numbers from 0 to <paramref name="Count"/> - 1, such as the ids of a table.</summary>
/// <param name="Name">The name of the tensor.</param>
/// <param name="Count">The number of values.</param>
public readonly record struct InputRange(string Name, long Count);
