namespace Microsoft.ML.HfTrainer;

/// <summary>The result of <see cref="Trainer.Train(string?)"/>.</summary>
/// <param name="GlobalStep">The number of updates.</param>
/// <param name="TrainingLoss">The mean loss over all updates.</param>
/// <param name="Metrics">Run time, speed, loss and epochs, by the names of the Hugging Face Trainer.</param>
public sealed record TrainOutput(int GlobalStep, double TrainingLoss, IReadOnlyDictionary<string, double> Metrics);
