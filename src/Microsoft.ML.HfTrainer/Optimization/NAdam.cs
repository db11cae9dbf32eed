using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>NAdam (Dozat 2016, "Incorporating Nesterov Momentum into Adam"): Adam with Nesterov momentum that warms up.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="beta1">The decay rate of the first moment.</param>
/// <param name="beta2">The decay rate of the second moment.</param>
/// <param name="epsilon">The term added to the denominator for numerical stability.</param>
/// <param name="momentumDecay">The rate at which the momentum warms up.</param>
/// <param name="decoupledWeightDecay">true to apply weight decay to the parameters, false to add it to the gradients.</param>
/// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
/// <exception cref="ArgumentOutOfRangeException">A decay rate is not in [0, 1), or another setting is negative.</exception>
public sealed class NAdam(
    IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double momentumDecay = 4e-3, bool decoupledWeightDecay = false,
    bool maximize = false) : ParameterwiseOptimizer(groups)
{
    private const string MomentumProduct = "mu_product";

    private readonly double _beta1 = DecayRate(beta1), _beta2 = DecayRate(beta2), _epsilon = NonNegative(epsilon), _momentumDecay = NonNegative(momentumDecay);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) =>
        [(OptimizedParameter.StepCount, StepCounter()), (MomentumProduct, Scalar(1)), ("exp_avg", ZerosLike(parameter)), ("exp_avg_sq", ZerosLike(parameter))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var (step, rate, value) = (parameter.Advance(), group.LearningRate, parameter.Value);
        var gradient = WithDecay(group, parameter, decoupledWeightDecay, maximize);
        var (momentum, next) = (Momentum(step), Momentum(step + 1));
        var product = parameter[MomentumProduct].mul_(momentum).item<float>();
        var average = parameter["exp_avg"].mul_(_beta1).add_(gradient, alpha: 1 - _beta1);
        var square = parameter["exp_avg_sq"].mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        var denominator = square.div(1 - Math.Pow(_beta2, step)).sqrt_().add_(_epsilon);
        value.addcdiv_(gradient, denominator, -rate * (1 - momentum) / (1 - product));
        value.addcdiv_(average, denominator, -rate * next / (1 - product * next));
    }

    private double Momentum(double step) => _beta1 * (1 - 0.5 * Math.Pow(0.96, step * _momentumDecay));
}
