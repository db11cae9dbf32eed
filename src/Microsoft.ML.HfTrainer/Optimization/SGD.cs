using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>Stochastic gradient descent, optionally with momentum (Polyak 1964) or Nesterov momentum (Sutskever et al. 2013).</summary>
public sealed class SGD : ParameterwiseOptimizer
{
    private const string Buffer = "momentum_buffer";

    private readonly double _momentum, _dampening;
    private readonly bool _nesterov, _maximize;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="groups">The parameter groups.</param>
    /// <param name="momentum">The momentum; 0 for none.</param>
    /// <param name="dampening">The dampening of the momentum: every gradient except the first is multiplied by 1 - <paramref name="dampening"/>.</param>
    /// <param name="nesterov">true to use Nesterov momentum.</param>
    /// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
    /// <exception cref="ArgumentException"><paramref name="momentum"/> is negative, or <paramref name="nesterov"/> is set without momentum or with dampening.</exception>
    public SGD(IReadOnlyList<ParameterGroup> groups, double momentum = 0, double dampening = 0, bool nesterov = false, bool maximize = false) : base(groups)
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException(FormattableString.Invariant($"SGD with nesterov has momentum {momentum} and dampening {dampening}; it should have a momentum above 0 and no dampening."), nameof(nesterov));
        if (!double.IsFinite(dampening))
            throw new ArgumentOutOfRangeException(nameof(dampening), FormattableString.Invariant($"The optimizer's dampening is {dampening}; it should be a number."));
        (_momentum, _dampening, _nesterov, _maximize) = (NonNegative(momentum), dampening, nesterov, maximize);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) => _momentum == 0 ? [] : [(Buffer, ZerosLike(parameter))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var direction = DecayedGradient(group, parameter, _maximize);
        if (_momentum != 0)
        {
            // The first gradient is not dampened.
            var buffer = parameter.IsFirstStep ? parameter[Buffer].copy_(direction) : parameter[Buffer].mul_(_momentum).add_(direction, alpha: 1 - _dampening);
            direction = _nesterov ? direction.add(buffer, alpha: _momentum) : buffer;
        }
        parameter.Value.add_(direction, alpha: -group.LearningRate);
    }
}
