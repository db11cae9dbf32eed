using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A gated feed-forward network (Shazeer 2020, arXiv:2002.05202): <c>down(activation(gate(x)) · up(x))</c>, <c>[..., hidden size]</c> to the same shape.</summary>
public sealed class GatedFeedForward : Sublayer
{
    private readonly Linear? _gate, _up, _fusedGateAndUp;
    private readonly Linear _down;
    private readonly Activation _activation;

    /// <summary>Creates a network whose weights are not filled yet.</summary>
    /// <param name="hiddenSize">The size of hidden states.</param>
    /// <param name="intermediateSize">The size between the projections.</param>
    /// <param name="activation">The activation of the gate.</param>
    /// <param name="bias">true if the projections have biases.</param>
    /// <param name="fused">true if gate and up projection are stored as one matrix <c>gate_up_proj</c>, the gate first.</param>
    /// <param name="activationName">The name of the activation in checkpoints, if it has weights.</param>
    public GatedFeedForward(int hiddenSize, int intermediateSize, Activation activation, bool bias = false, bool fused = false, string activationName = "act_fn")
    {
        ArgumentNullException.ThrowIfNull(activation);
        _activation = activation.In(this, activationName);
        if (fused)
        {
            _fusedGateAndUp = this.Register("gate_up_proj", new Linear(hiddenSize, 2L * intermediateSize, bias));
        }
        else
        {
            _gate = this.Register("gate_proj", new Linear(hiddenSize, intermediateSize, bias));
            _up = this.Register("up_proj", new Linear(hiddenSize, intermediateSize, bias));
        }
        _down = this.Register("down_proj", new Linear(intermediateSize, hiddenSize, bias));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var (gate, up) = _fusedGateAndUp?.Forward(hidden).chunk(2, -1) is [var first, var second] ? (first, second) : (_gate!.Forward(hidden), _up!.Forward(hidden));
        return _down.Forward(_activation.Forward(gate) * up).MoveToOuterDisposeScope();
    }
}
