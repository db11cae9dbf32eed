using TorchSharp.Modules;

namespace Microsoft.ML.HfTrainer;

/// <summary>Parameters that share a learning rate and a weight decay.</summary>
/// <param name="parameters">The parameters by name.</param>
/// <param name="weightDecay">Their weight decay.</param>
/// <param name="learningRate">Their learning rate before the schedule.</param>
public sealed class ParameterGroup(IReadOnlyList<(string Name, Parameter Parameter)> parameters, double weightDecay, double learningRate)
{
    /// <summary>The parameters by name.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; } = parameters;

    /// <summary>The weight decay.</summary>
    public double WeightDecay { get; } = weightDecay;

    /// <summary>The learning rate before the schedule; a run that goes on from a checkpoint takes the checkpoint's.</summary>
    public double InitialLearningRate { get; set; } = learningRate;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;
}
