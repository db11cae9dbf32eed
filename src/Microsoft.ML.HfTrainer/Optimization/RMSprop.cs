using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>RMSprop (Hinton's lecture 6e of 2012), centered (Graves 2013, arXiv:1308.0850) and with momentum as options.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="alpha">Decay of the mean of squares.</param>
/// <param name="epsilon">Added to the denominator.</param>
/// <param name="momentum">The momentum; 0: none.</param>
/// <param name="centered">Whether the gradients' variance is divided by in place of their mean square.</param>
/// <param name="maximize">Whether the loss is to grow.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is negative.</exception>
public sealed class RMSprop(
    IReadOnlyList<ParameterGroup> groups, double alpha = 0.99, double epsilon = 1e-8, double momentum = 0, bool centered = false, bool maximize = false) : ParameterwiseOptimizer(groups)
{
    private const string Square = "square_avg", Mean = "grad_avg", Buffer = "momentum_buffer";

    private readonly double _alpha = FromZero(alpha), _epsilon = FromZero(epsilon), _momentum = FromZero(momentum);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter)
    {
        yield return (OptimizedParameter.StepCount, NoSteps());
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
