using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Adadelta (Zeiler 2012, arXiv:1212.5701).</summary>
/// <param name="groups">The parameter groups. The paper uses a learning rate of 1.</param>
/// <param name="rho">The decay rate of the means of squares.</param>
/// <param name="epsilon">The term added under both square roots.</param>
/// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="rho"/> is not in [0, 1), or <paramref name="epsilon"/> is negative.</exception>
public sealed class Adadelta(IReadOnlyList<ParameterGroup> groups, double rho = 0.9, double epsilon = 1e-6, bool maximize = false) : ParameterwiseOptimizer(groups)
{
    private readonly double _rho = DecayRate(rho), _epsilon = NonNegative(epsilon);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) =>
        [(OptimizedParameter.StepCount, StepCounter()), ("square_avg", ZerosLike(parameter)), ("acc_delta", ZerosLike(parameter))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        parameter.Advance();
        var gradient = DecayedGradient(group, parameter, maximize);
        var square = parameter["square_avg"].mul_(_rho).addcmul_(gradient, gradient, 1 - _rho);
        var delta = parameter["acc_delta"].add(_epsilon).sqrt_().div_(square.add(_epsilon).sqrt_()).mul_(gradient);
        parameter["acc_delta"].mul_(_rho).addcmul_(delta, delta, 1 - _rho);
        parameter.Value.add_(delta, alpha: -group.LearningRate);
    }
}
