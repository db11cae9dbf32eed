using TorchSharp.Modules;

namespace Microsoft.ML.HfTrainer;

/// <summary>A group of parameters that share a learning rate and a weight decay.</summary>
/// <param name="parameters">The parameters with their names.</param>
/// <param name="weightDecay">The weight decay.</param>
/// <param name="learningRate">The learning rate before the schedule.</param>
public sealed class ParameterGroup(IReadOnlyList<(string Name, Parameter Parameter)> parameters, double weightDecay, double learningRate)
{
    /// <summary>Gets the parameters with their names.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; } = parameters ?? throw new ArgumentNullException(nameof(parameters));

    /// <summary>Gets the weight decay.</summary>
    public double WeightDecay { get; } = NonNegative(weightDecay, nameof(weightDecay));

    /// <summary>Gets or sets the learning rate before the schedule. A resumed run takes it from the checkpoint.</summary>
    public double InitialLearningRate { get; set; } = NonNegative(learningRate, nameof(learningRate));

    /// <summary>Gets or sets the learning rate of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;

    private static double NonNegative(double value, string name) => value is >= 0 and < double.PositiveInfinity
        ? value
        : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"The {name} of a parameter group is {value}; it should be a number from 0 up."));
}
