namespace Microsoft.ML.HfTrainer;

/// <summary>
/// A rule that gives the parameters whose names match a pattern a learning rate and a weight decay of their own. See <see cref="TrainingArguments.ParameterGroups"/>.
/// </summary>
/// <param name="Pattern">A regular expression that is searched for in the parameter names, such as <c>^classifier\.</c>.</param>
/// <param name="LearningRate">The learning rate before the schedule. If null, that of the run.</param>
/// <param name="WeightDecay">The weight decay of the parameters that are neither biases nor part of a normalization layer. If null, that of the run.</param>
public sealed record ParameterGroupRule(string Pattern, double? LearningRate = null, double? WeightDecay = null);
