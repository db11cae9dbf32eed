using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>What Adam's kernels are told besides the rates.</summary>
internal sealed record AdamSettings(double Beta1, double Beta2, double Epsilon, bool Amsgrad, bool Maximize, bool DecoupledDecay);

/// <summary>What Adam's kernels work on, the same parameters in each list; <see cref="LargestSquares"/> is empty without AMSGrad.</summary>
internal sealed record AdamTensors(Tensor[] Parameters, Tensor[] Gradients, Tensor[] Averages, Tensor[] Squares, Tensor[] LargestSquares);

/// <summary>Steps of optimizers over all parameters of a group at once, through operators that TorchSharp does not expose.</summary>
internal static class OptimizerKernels
{
    private const string Source = """
        def fused_adam(params: List[Tensor], grads: List[Tensor], averages: List[Tensor], squares: List[Tensor], largest: List[Tensor], steps: List[Tensor],
                       lr: float, weight_decay: float, beta1: float, beta2: float, eps: float, amsgrad: bool, maximize: bool, decoupled: bool) -> Tensor:
            torch._foreach_add_(steps, 1.0)
            if decoupled:
                torch._fused_adamw_(params, grads, averages, squares, largest, steps, lr=lr, beta1=beta1, beta2=beta2,
                                    weight_decay=weight_decay, eps=eps, amsgrad=amsgrad, maximize=maximize)
            else:
                torch._fused_adam_(params, grads, averages, squares, largest, steps, lr=lr, beta1=beta1, beta2=beta2,
                                   weight_decay=weight_decay, eps=eps, amsgrad=amsgrad, maximize=maximize)
            return steps[0]

        def foreach_adam(params: List[Tensor], grads: List[Tensor], averages: List[Tensor], squares: List[Tensor], largest: List[Tensor],
                         step: float, lr: float, weight_decay: float, beta1: float, beta2: float, eps: float,
                         amsgrad: bool, maximize: bool, decoupled: bool) -> Tensor:
            directions = grads
            if maximize:
                directions = torch._foreach_neg(directions)
            if weight_decay != 0.0:
                if decoupled:
                    torch._foreach_mul_(params, 1.0 - lr * weight_decay)
                else:
                    directions = torch._foreach_add(directions, params, alpha=weight_decay)
            torch._foreach_lerp_(averages, directions, 1.0 - beta1)
            torch._foreach_mul_(squares, beta2)
            torch._foreach_addcmul_(squares, directions, directions, 1.0 - beta2)
            if amsgrad:
                torch._foreach_maximum_(largest, squares)
                denominators = torch._foreach_sqrt(largest)
            else:
                denominators = torch._foreach_sqrt(squares)
            torch._foreach_div_(denominators, (1.0 - beta2 ** step) ** 0.5)
            torch._foreach_add_(denominators, eps)
            torch._foreach_addcdiv_(params, averages, denominators, -lr / (1.0 - beta1 ** step))
            return params[0]

        """;

    private static readonly ScriptFunctions _script = new(Source);

    /// <summary>One step in one kernel; <paramref name="steps"/> are counted on.</summary>
    public static void FusedAdam(AdamTensors t, Tensor[] steps, double learningRate, double weightDecay, AdamSettings s) => Call(
        "fused_adam", t.Parameters, t.Gradients, t.Averages, t.Squares, t.LargestSquares, steps,
        learningRate, weightDecay, s.Beta1, s.Beta2, s.Epsilon, s.Amsgrad, s.Maximize, s.DecoupledDecay);

    /// <summary>The step of number <paramref name="step"/> (from 1), operator by operator over all parameters.</summary>
    public static void ForeachAdam(AdamTensors t, double step, double learningRate, double weightDecay, AdamSettings s) => Call(
        "foreach_adam", t.Parameters, t.Gradients, t.Averages, t.Squares, t.LargestSquares,
        step, learningRate, weightDecay, s.Beta1, s.Beta2, s.Epsilon, s.Amsgrad, s.Maximize, s.DecoupledDecay);

    private static void Call(string function, params object[] arguments) => _script.Call(function, arguments).Dispose();
}
