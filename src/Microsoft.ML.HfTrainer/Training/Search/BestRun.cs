namespace Microsoft.ML.HfTrainer;

/// <summary>The best trial of a search.</summary>
/// <param name="RunId">The number of the trial, from 0. Its checkpoints are in the folder <c>run-{number}</c> of the output folder.</param>
/// <param name="Objective">The objective of the trial.</param>
/// <param name="Hyperparameters">The hyperparameters of the trial, by name.</param>
/// <param name="Study">All trials of the search.</param>
public sealed record BestRun(string RunId, double Objective, IReadOnlyDictionary<string, object?> Hyperparameters, SearchStudy Study);
