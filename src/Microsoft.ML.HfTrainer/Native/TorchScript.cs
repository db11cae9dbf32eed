using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// Operators of libtorch that TorchSharp does not expose, reached through TorchScript: the text is compiled once a process, and a call costs
/// about as much as any other operator.
/// </summary>
internal static class TorchScript
{
    private const string Source = """
        def embedding(weight: Tensor, ids: Tensor, padding_idx: int) -> Tensor:
            return torch.embedding(weight, ids, padding_idx)

        def grad_norm(grads: List[Tensor]) -> Tensor:
            return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(grads, 2.0)))

        def clip_grads(grads: List[Tensor], norm: Tensor, max_norm: float) -> Tensor:
            torch._foreach_mul_(grads, torch.clamp(max_norm / (norm + 1e-6), max=1.0))
            return norm

        def unscale(grads: List[Tensor], found_inf: Tensor, inverse_scale: Tensor) -> Tensor:
            torch._amp_foreach_non_finite_check_and_unscale_(grads, found_inf, inverse_scale)
            return found_inf

        def set_data(target: Tensor, source: Tensor) -> Tensor:
            target.set_data(source)
            return source

        """;

    private static readonly ScriptFunctions _script = new(Source);

    /// <summary>Rows of <paramref name="weight"/> by <paramref name="ids"/>; the row <paramref name="paddingIndex"/> gets no gradient (-1: every row does).</summary>
    public static Tensor Embedding(Tensor weight, Tensor ids, int paddingIndex) => _script.Call("embedding", weight, ids, paddingIndex);

    /// <summary>Returns the L2 norm over all gradients together, as a scalar.</summary>
    public static Tensor GradientNorm(Tensor[] gradients) => _script.Call("grad_norm", [gradients]);

    /// <summary>Scales gradients of the L2 norm <paramref name="norm"/> in place, so that their norm is at most <paramref name="maxNorm"/>.</summary>
    public static void ClipGradients(Tensor[] gradients, Tensor norm, double maxNorm) => _script.Call("clip_grads", gradients, norm, maxNorm).Dispose();

    /// <summary>Multiplies gradients by <paramref name="inverseScale"/> in place, and sets <paramref name="foundInf"/> to 1 if one of them is not finite.</summary>
    public static void Unscale(Tensor[] gradients, Tensor foundInf, Tensor inverseScale) => _script.Call("unscale", gradients, foundInf, inverseScale).Dispose();

    /// <summary>Gives <paramref name="target"/> the values, shape and type of another tensor, whose memory it shares from then on; to all that hold it, it stays the same tensor.</summary>
    public static void SetData(Tensor target, Tensor source) => _script.Call("set_data", target, source).Dispose();
}
