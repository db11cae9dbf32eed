using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Adam (Kingma and Ba 2014, arXiv:1412.6980), with AMSGrad (Reddi, Kale and Kumar 2018, arXiv:1904.09237) as an option. Weight decay is added to the gradient (L2 regularization).
/// </summary>
public class Adam : ParameterwiseOptimizer
{
    private const string Average = "exp_avg", Square = "exp_avg_sq", LargestSquare = "max_exp_avg_sq";

    private readonly AdamSettings _settings;
    private readonly OptimizerForm _form;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="groups">The parameter groups.</param>
    /// <param name="beta1">The decay rate of the first moment.</param>
    /// <param name="beta2">The decay rate of the second moment.</param>
    /// <param name="epsilon">The term added to the denominator for numerical stability.</param>
    /// <param name="amsgrad">true to divide by the largest second moment so far (AMSGrad).</param>
    /// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
    /// <param name="form">The implementation of a step.</param>
    /// <exception cref="ArgumentOutOfRangeException">A decay rate is not in [0, 1), or <paramref name="epsilon"/> is negative.</exception>
    public Adam(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool amsgrad = false, bool maximize = false,
        OptimizerForm form = OptimizerForm.Foreach)
        : this(groups, new AdamSettings(DecayRate(beta1), DecayRate(beta2), NonNegative(epsilon), amsgrad, maximize, DecoupledDecay: false), form)
    {
    }

    private protected Adam(IReadOnlyList<ParameterGroup> groups, AdamSettings settings, OptimizerForm form) : base(groups) => (_settings, _form) = (settings, form);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter)
    {
        yield return (OptimizedParameter.StepCount, StepCounter(_form == OptimizerForm.Fused ? parameter.device : null));
        yield return (Average, ZerosLike(parameter));
        yield return (Square, ZerosLike(parameter));
        if (_settings.Amsgrad)
            yield return (LargestSquare, ZerosLike(parameter));
    }

    /// <inheritdoc/>
    protected override void UpdateGroup(ParameterGroup group, IReadOnlyList<OptimizedParameter> parameters)
    {
        switch (_form)
        {
            case OptimizerForm.Fused:
                OptimizerKernels.FusedAdam(Tensors(parameters), [.. parameters.Select(p => p[OptimizedParameter.StepCount])], group.LearningRate, group.WeightDecay, _settings);
                break;
            case OptimizerForm.Foreach:
                // Parameters that had no gradient in some steps have made fewer steps than the others.
                foreach (var alike in parameters.GroupBy(p => p.Advance()))
                    OptimizerKernels.ForeachAdam(Tensors([.. alike]), alike.Key, group.LearningRate, group.WeightDecay, _settings);
                break;
            default:
                base.UpdateGroup(group, parameters);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var step = parameter.Advance();
        var gradient = WithDecay(group, parameter, _settings.DecoupledDecay, _settings.Maximize);
        var average = parameter[Average].mul_(_settings.Beta1).add_(gradient, alpha: 1 - _settings.Beta1);
        var square = parameter[Square].mul_(_settings.Beta2).addcmul_(gradient, gradient, 1 - _settings.Beta2);
        if (_settings.Amsgrad)
            square = parameter[LargestSquare].copy_(maximum(parameter[LargestSquare], square));
        var denominator = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(_settings.Beta2, step))).add_(_settings.Epsilon);
        parameter.Value.addcdiv_(average, denominator, -group.LearningRate / (1 - Math.Pow(_settings.Beta1, step)));
    }

    private AdamTensors Tensors(IReadOnlyList<OptimizedParameter> parameters) => new(
        [.. parameters.Select(p => p.Value)], [.. parameters.Select(p => p.Gradient)], [.. parameters.Select(p => p[Average])], [.. parameters.Select(p => p[Square])],
        _settings.Amsgrad ? [.. parameters.Select(p => p[LargestSquare])] : []);
}
