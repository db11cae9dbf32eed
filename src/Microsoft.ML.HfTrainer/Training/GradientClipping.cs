using Microsoft.ML.HfTrainer.Distributed;
using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>Clips gradients by their norm (Pascanu, Mikolov and Bengio 2012, arXiv:1211.5063).</summary>
internal static class GradientClipping
{
    /// <summary>Scales the gradients in place, so that their L2 norm over the whole model is at most <paramref name="maxNorm"/>.</summary>
    /// <param name="gradients">The gradients that this process holds.</param>
    /// <param name="maxNorm">The maximum norm; 0 to leave the gradients as they are.</param>
    /// <param name="communicator">Combines the norm over processes.</param>
    /// <returns>The norm before clipping, a scalar on the device; null if there are no gradients.</returns>
    public static Tensor? Clip(Tensor[] gradients, double maxNorm, ICommunicator communicator)
    {
        if (gradients.Length == 0)
            return null;
        var norm = communicator.AllReduceNorm(TorchScript.GradientNorm(gradients));
        if (maxNorm > 0)
            TorchScript.ClipGradients(gradients, norm, maxNorm);
        return norm;
    }
}
