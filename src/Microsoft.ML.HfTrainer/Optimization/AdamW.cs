namespace Microsoft.ML.HfTrainer;

/// <summary>AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101): Adam whose weight decay acts on the parameters and not on the gradients.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="beta1">Decay of the first moment.</param>
/// <param name="beta2">Decay of the second moment.</param>
/// <param name="epsilon">Added to the denominator.</param>
/// <param name="amsgrad">Whether the largest second moment so far is divided by.</param>
/// <param name="maximize">Whether the loss is to grow.</param>
/// <param name="form">How a step is computed.</param>
/// <exception cref="ArgumentOutOfRangeException">A decay is not in [0, 1), or <paramref name="epsilon"/> is negative.</exception>
public sealed class AdamW(
    IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool amsgrad = false, bool maximize = false,
    OptimizerForm form = OptimizerForm.Fused)
    : Adam(groups, new Native.AdamSettings(Fraction(beta1), Fraction(beta2), FromZero(epsilon), amsgrad, maximize, DecoupledDecay: true), form);
