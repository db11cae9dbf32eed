using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Adagrad (Duchi, Hazan and Singer 2011, Journal of Machine Learning Research 12).</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="lrDecay">How fast the learning rate falls with the parameter's steps.</param>
/// <param name="initialAccumulatorValue">What each sum of squares begins at.</param>
/// <param name="epsilon">Added to the denominator.</param>
/// <param name="maximize">Whether the loss is to grow.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is negative.</exception>
public sealed class Adagrad(IReadOnlyList<ParameterGroup> groups, double lrDecay = 0, double initialAccumulatorValue = 0, double epsilon = 1e-10, bool maximize = false) : ParameterwiseOptimizer(groups)
{
    private readonly double _lrDecay = FromZero(lrDecay), _start = FromZero(initialAccumulatorValue), _epsilon = FromZero(epsilon);

    /// <inheritdoc/>
    protected override bool RemembersAll => true;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) =>
        [(OptimizedParameter.StepCount, NoSteps()), ("sum", ZerosLike(parameter).fill_(_start))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var (step, gradient) = (parameter.Advance(), DecayedGradient(group, parameter, maximize));
        var sum = parameter["sum"].addcmul_(gradient, gradient, 1);
        parameter.Value.addcdiv_(gradient, sum.sqrt().add_(_epsilon), -group.LearningRate / (1 + (step - 1) * _lrDecay));
    }
}
