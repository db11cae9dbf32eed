namespace Microsoft.ML.HfTrainer;

/// <summary>AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101): Adam with decoupled weight decay, applied to the parameters instead of the gradients.</summary>
/// <param name="groups">The parameter groups.</param>
/// <param name="beta1">The decay rate of the first moment.</param>
/// <param name="beta2">The decay rate of the second moment.</param>
/// <param name="epsilon">The term added to the denominator for numerical stability.</param>
/// <param name="amsgrad">true to divide by the largest second moment so far (AMSGrad).</param>
/// <param name="maximize">true to maximize the loss instead of minimizing it.</param>
/// <param name="form">The implementation of a step.</param>
/// <exception cref="ArgumentOutOfRangeException">A decay rate is not in [0, 1), or <paramref name="epsilon"/> is negative.</exception>
public sealed class AdamW(
    IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool amsgrad = false, bool maximize = false,
    OptimizerForm form = OptimizerForm.Fused)
    : Adam(groups, new Native.AdamSettings(DecayRate(beta1), DecayRate(beta2), NonNegative(epsilon), amsgrad, maximize, DecoupledDecay: true), form);
