using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Adamax (Kingma and Ba 2014, arXiv:1412.6980, section 7.1): Adam with the infinity norm in place of the second moment.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="beta1">The decay rate of the first moment.</param>
/// <param name="beta2">The decay rate of the infinity norm.</param>
/// <param name="epsilon">The term added to each gradient's magnitude.</param>
/// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
/// <exception cref="ArgumentOutOfRangeException">A decay rate is not in [0, 1), or <paramref name="epsilon"/> is negative.</exception>
public sealed class Adamax(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool maximize = false) : ParameterwiseOptimizer(groups)
{
    private readonly double _beta1 = DecayRate(beta1), _beta2 = DecayRate(beta2), _epsilon = NonNegative(epsilon);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) =>
        [(OptimizedParameter.StepCount, StepCounter()), ("exp_avg", ZerosLike(parameter)), ("exp_inf", ZerosLike(parameter))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var (step, gradient) = (parameter.Advance(), DecayedGradient(group, parameter, maximize));
        var average = parameter["exp_avg"].mul_(_beta1).add_(gradient, alpha: 1 - _beta1);
        var norm = parameter["exp_inf"];
        norm.copy_(maximum(norm.mul_(_beta2), gradient.abs().add_(_epsilon)));
        parameter.Value.addcdiv_(average, norm, -group.LearningRate / (1 - Math.Pow(_beta1, step)));
    }
}
