using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>RMSprop (Hinton 2012, lecture 6e), optionally centered (Graves 2013, arXiv:1308.0850) and with momentum.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="alpha">The decay rate of the mean squared gradient.</param>
/// <param name="epsilon">The term added to the denominator for numerical stability.</param>
/// <param name="momentum">The momentum; 0 for none.</param>
/// <param name="centered">true to divide by the variance of the gradients instead of their mean square.</param>
/// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is negative.</exception>
public sealed class RMSprop(
    IReadOnlyList<ParameterGroup> groups, double alpha = 0.99, double epsilon = 1e-8, double momentum = 0, bool centered = false, bool maximize = false) : ParameterwiseOptimizer(groups)
{
    private const string Square = "square_avg", Mean = "grad_avg", Buffer = "momentum_buffer";

    private readonly double _alpha = NonNegative(alpha), _epsilon = NonNegative(epsilon), _momentum = NonNegative(momentum);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter)
    {
        yield return (OptimizedParameter.StepCount, StepCounter());
        yield return (Square, ZerosLike(parameter));
        if (_momentum > 0)
            yield return (Buffer, ZerosLike(parameter));
        if (centered)
            yield return (Mean, ZerosLike(parameter));
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        parameter.Advance();
        var gradient = DecayedGradient(group, parameter, maximize);
        var square = parameter[Square].mul_(_alpha).addcmul_(gradient, gradient, 1 - _alpha);
        var denominator = (centered ? Variance(parameter[Mean], square, gradient) : square).sqrt().add_(_epsilon);
        if (_momentum > 0)
            parameter.Value.add_(parameter[Buffer].mul_(_momentum).addcdiv_(gradient, denominator, 1), alpha: -group.LearningRate);
        else
            parameter.Value.addcdiv_(gradient, denominator, -group.LearningRate);
    }

    private Tensor Variance(Tensor mean, Tensor square, Tensor gradient)
    {
        mean.mul_(_alpha).add_(gradient, alpha: 1 - _alpha);
        return square.addcmul(mean, mean, -1);
    }
}
