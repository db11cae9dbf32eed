namespace Microsoft.ML.HfTrainer;

/// <summary>The best trial of a search.</summary>
/// <param name="RunId">Its number; its checkpoints are in the folder <c>run-{number}</c> of the output folder.</param>
/// <param name="Objective">Its objective.</param>
/// <param name="Hyperparameters">What was chosen for it, by name.</param>
/// <param name="Study">All trials of the search.</param>
public sealed record BestRun(string RunId, double Objective, IReadOnlyDictionary<string, object?> Hyperparameters, SearchStudy Study);
