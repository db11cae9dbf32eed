namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Gives parameters a learning rate and a weight decay of their own, by their names; see <see cref="TrainingArguments.ParameterGroups"/>.
/// </summary>
/// <param name="Pattern">A regular expression that is found in the parameters' names, such as <c>^classifier\.</c>.</param>
/// <param name="LearningRate">Their learning rate before the schedule; null: <see cref="TrainingArguments.LearningRate"/>.</param>
/// <param name="WeightDecay">The weight decay of those that are no biases and norms; null: <see cref="TrainingArguments.WeightDecay"/>.</param>
public sealed record ParameterGroupRule(string Pattern, double? LearningRate = null, double? WeightDecay = null);
