using Microsoft.ML.HfTrainer.Estimators.Tokens;

namespace Microsoft.ML.HfTrainer.Estimators.Tasks;

/// <summary>A part of a row that the model runs on.</summary>
/// <param name="Example">The example.</param>
/// <param name="Window">The tokens of the row that it has; null if the task does not cut rows into windows.</param>
internal readonly record struct TaskPart(Example Example, TokenWindow? Window = null);
