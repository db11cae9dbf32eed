using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// The AdamW of Hugging Face Transformers 4, named <c>adamw_hf</c> there: epsilon is added before the bias correction of the second moment, and weight decay is applied to
/// the parameters after the update.
/// </summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="beta1">The decay rate of the first moment.</param>
/// <param name="beta2">The decay rate of the second moment.</param>
/// <param name="epsilon">The term added to the denominator for numerical stability.</param>
/// <param name="correctBias">true to correct the bias of the moments towards zero. The original BERT training did not.</param>
/// <exception cref="ArgumentOutOfRangeException">A decay rate is not in [0, 1), or <paramref name="epsilon"/> is negative.</exception>
public sealed class AdamWHf(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-6, bool correctBias = true) : ParameterwiseOptimizer(groups)
{
    private readonly double _beta1 = DecayRate(beta1), _beta2 = DecayRate(beta2), _epsilon = NonNegative(epsilon);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter) =>
        [(OptimizedParameter.StepCount, StepCounter()), ("exp_avg", ZerosLike(parameter)), ("exp_avg_sq", ZerosLike(parameter))];

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var (step, gradient, value) = (parameter.Advance(), parameter.Gradient, parameter.Value);
        var average = parameter["exp_avg"].mul_(_beta1).add_(gradient, alpha: 1 - _beta1);
        var square = parameter["exp_avg_sq"].mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        var correction = correctBias ? Math.Sqrt(1 - Math.Pow(_beta2, step)) / (1 - Math.Pow(_beta1, step)) : 1;
        value.addcdiv_(average, square.sqrt().add_(_epsilon), -group.LearningRate * correction);
        if (group.WeightDecay != 0)
            value.mul_(1 - group.LearningRate * group.WeightDecay);
    }
}
