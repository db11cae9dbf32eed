using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>RAdam (Liu et al. 2019, arXiv:1908.03265): Adam with a rectified adaptive learning rate, which is not used until there are enough steps to estimate the variance of the gradients.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="beta1">The decay rate of the first moment.</param>
/// <param name="beta2">The decay rate of the second moment.</param>
/// <param name="epsilon">The term added to the denominator for numerical stability.</param>
/// <param name="decoupledWeightDecay">true to apply weight decay to the parameters, false to add it to the gradients.</param>
/// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
/// <exception cref="ArgumentOutOfRangeException">A decay rate is not in [0, 1), or <paramref name="epsilon"/> is negative.</exception>
public sealed class RAdam(
    IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool decoupledWeightDecay = false, bool maximize = false)
    : ParameterwiseOptimizer(groups)
{
    private readonly double _beta1 = DecayRate(beta1), _beta2 = DecayRate(beta2), _epsilon = NonNegative(epsilon);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) =>
        [(OptimizedParameter.StepCount, StepCounter()), ("exp_avg", ZerosLike(parameter)), ("exp_avg_sq", ZerosLike(parameter))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var (step, value) = (parameter.Advance(), parameter.Value);
        var gradient = WithDecay(group, parameter, decoupledWeightDecay, maximize);
        var average = parameter["exp_avg"].mul_(_beta1).add_(gradient, alpha: 1 - _beta1);
        var square = parameter["exp_avg_sq"].mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        var rate = group.LearningRate / (1 - Math.Pow(_beta1, step));
        var correction = 1 - Math.Pow(_beta2, step);
        var longest = 2 / (1 - _beta2) - 1;
        var length = longest - 2 * step * Math.Pow(_beta2, step) / correction;
        if (length <= 5)
        {
            value.add_(average, alpha: -rate);
            return;
        }
        var rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
        value.addcdiv_(average, square.sqrt().add_(_epsilon), -rate * rectification * Math.Sqrt(correction));
    }
}
