using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Adagrad (Duchi, Hazan and Singer 2011, Journal of Machine Learning Research 12).</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="lrDecay">The decay of the learning rate with the number of steps.</param>
/// <param name="initialAccumulatorValue">The initial value of each sum of squares.</param>
/// <param name="epsilon">The term added to the denominator for numerical stability.</param>
/// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is negative.</exception>
public sealed class Adagrad(IReadOnlyList<ParameterGroup> groups, double lrDecay = 0, double initialAccumulatorValue = 0, double epsilon = 1e-10, bool maximize = false) : ParameterwiseOptimizer(groups)
{
    private readonly double _lrDecay = NonNegative(lrDecay), _start = NonNegative(initialAccumulatorValue), _epsilon = NonNegative(epsilon);

    /// <inheritdoc/>
    protected override bool HasStateWithoutGradient => true;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) =>
        [(OptimizedParameter.StepCount, StepCounter()), ("sum", ZerosLike(parameter).fill_(_start))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var (step, gradient) = (parameter.Advance(), DecayedGradient(group, parameter, maximize));
        var sum = parameter["sum"].addcmul_(gradient, gradient, 1);
        parameter.Value.addcdiv_(gradient, sum.sqrt().add_(_epsilon), -group.LearningRate / (1 + (step - 1) * _lrDecay));
    }
}
