using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Adafactor (Shazeer and Stern 2018, arXiv:1804.04235): keeps only the row and column means of a matrix's second moment, so that the state is small. Under the name
/// <c>adafactor</c>, <c>scale_parameter</c> and <c>relative_step</c> are off by default, and the learning rate is that of the schedule.
/// </summary>
public sealed class Adafactor : ParameterwiseOptimizer
{
    private const string Average = "exp_avg", Square = "exp_avg_sq", Rows = "exp_avg_sq_row", Columns = "exp_avg_sq_col", Size = "RMS";

    private readonly double _gradientEpsilon, _smallestScale, _clipThreshold, _decayRate;
    private readonly double? _beta1;
    private readonly bool _scaleParameter, _relativeStep, _warmupInit;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="groups">The parameter groups. Their learning rates are ignored if <paramref name="relativeStep"/> is true.</param>
    /// <param name="epsilon1">The term added to each squared gradient.</param>
    /// <param name="epsilon2">The smallest root mean square of a parameter that <paramref name="scaleParameter"/> multiplies by.</param>
    /// <param name="clipThreshold">The largest root mean square of an update, before it is multiplied by the learning rate.</param>
    /// <param name="decayRate">The exponent of the step number in the decay rate of the second moment, 1 - step^<paramref name="decayRate"/>.</param>
    /// <param name="beta1">The decay rate of the first moment; null to keep none.</param>
    /// <param name="scaleParameter">true to multiply the learning rate by the parameter's root mean square.</param>
    /// <param name="relativeStep">true to derive the learning rate from the number of steps.</param>
    /// <param name="warmupInit">true to let that learning rate rise from near 0.</param>
    /// <exception cref="ArgumentException"><paramref name="warmupInit"/> is true while <paramref name="relativeStep"/> is false, or a number is out of range.</exception>
    public Adafactor(
        IReadOnlyList<ParameterGroup> groups, double epsilon1 = 1e-30, double epsilon2 = 1e-3, double clipThreshold = 1, double decayRate = -0.8, double? beta1 = null,
        bool scaleParameter = true, bool relativeStep = true, bool warmupInit = false) : base(groups)
    {
        if (warmupInit && !relativeStep)
            throw new ArgumentException("Adafactor's warmup_init is set without relative_step; set both or neither.", nameof(warmupInit));
        if (clipThreshold is not (> 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(clipThreshold), FormattableString.Invariant($"The optimizer's clipThreshold is {clipThreshold}; it should be a number above 0."));
        if (!double.IsFinite(decayRate))
            throw new ArgumentOutOfRangeException(nameof(decayRate), FormattableString.Invariant($"The optimizer's decayRate is {decayRate}; it should be a number, usually below 0."));
        (_gradientEpsilon, _smallestScale, _clipThreshold, _decayRate) = (NonNegative(epsilon1), NonNegative(epsilon2), clipThreshold, decayRate);
        _beta1 = beta1 is { } decay ? DecayRate(decay, nameof(beta1)) : null;
        (_scaleParameter, _relativeStep, _warmupInit) = (scaleParameter, relativeStep, warmupInit);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> InitialState(Tensor parameter)
    {
        yield return (OptimizedParameter.StepCount, StepCounter());
        yield return (Size, Scalar(0));
        if (_beta1 is not null)
            yield return (Average, ZerosLike(parameter));
        if (parameter.dim() < 2)
        {
            yield return (Square, ZerosLike(parameter));
            yield break;
        }
        var shape = parameter.shape;
        yield return (Rows, zeros(shape[..^1], parameter.dtype, parameter.device));
        yield return (Columns, zeros([.. shape[..^2], shape[^1]], parameter.dtype, parameter.device));
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, OptimizedParameter parameter)
    {
        var (step, gradient, value) = (parameter.Advance(), parameter.Gradient, parameter.Value);
        var size = RootMeanSquare(value);
        parameter[Size].fill_(size);
        var rate = (_relativeStep ? RelativeRate(step) : group.LearningRate) * (_scaleParameter ? Math.Max(_smallestScale, size) : 1);
        var update = Normalized(parameter, gradient, 1 - Math.Pow(step, _decayRate));
        update.mul_(rate / Math.Max(1, RootMeanSquare(update) / _clipThreshold));
        if (_beta1 is { } decay)
            update = parameter[Average].mul_(decay).add_(update, alpha: 1 - decay);
        if (group.WeightDecay != 0)
            value.mul_(1 - group.WeightDecay * rate);
        value.sub_(update);
    }

    private double RelativeRate(double step) => Math.Min(_warmupInit ? 1e-6 * step : 1e-2, 1 / Math.Sqrt(step));

    // The gradient divided by the root of its second moment, which for a matrix is the product of the row and column means.
    private Tensor Normalized(OptimizedParameter parameter, Tensor gradient, double decay)
    {
        var square = gradient.mul(gradient).add_(_gradientEpsilon);
        if (gradient.dim() < 2)
            return parameter[Square].mul_(decay).add_(square, alpha: 1 - decay).rsqrt().mul_(gradient);
        var rows = parameter[Rows].mul_(decay).add_(square.mean([-1]), alpha: 1 - decay);
        var columns = parameter[Columns].mul_(decay).add_(square.mean([-2]), alpha: 1 - decay);
        var factor = rows.div(rows.mean([-1], keepdim: true)).rsqrt_().unsqueeze(-1);
        return factor.mul(columns.rsqrt().unsqueeze(-2)).mul_(gradient);
    }

    private static double RootMeanSquare(Tensor tensor) => Math.Sqrt(tensor.mul(tensor).mean().item<float>());
}
