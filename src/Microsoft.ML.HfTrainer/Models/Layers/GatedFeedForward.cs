using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A feed-forward block whose inner values are multiplied by an activated gate (Shazeer 2020, arXiv:2002.05202): <c>down(activation(gate(x)) · up(x))</c>.</summary>
internal sealed class GatedFeedForward : Layer
{
    private readonly Linear? _gate, _up, _gateAndUp;
    private readonly Linear _down;
    private readonly Activation _activation;

    /// <param name="size">The size of a hidden state.</param>
    /// <param name="inner">The size within.</param>
    /// <param name="activation">What the gate goes through.</param>
    /// <param name="bias">Whether the maps have biases.</param>
    /// <param name="fused">Whether the file holds gate and up as one matrix, the gate first.</param>
    public GatedFeedForward(int size, int inner, Activation activation, bool bias = false, bool fused = false)
    {
        _activation = activation;
        if (fused)
        {
            _gateAndUp = this.Register("gate_up_proj", new Linear(size, 2L * inner, bias));
        }
        else
        {
            _gate = this.Register("gate_proj", new Linear(size, inner, bias));
            _up = this.Register("up_proj", new Linear(size, inner, bias));
        }
        _down = this.Register("down_proj", new Linear(inner, size, bias));
    }

    public Tensor Forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var (gate, up) = _gateAndUp?.Forward(hidden).chunk(2, -1) is [var first, var second] ? (first, second) : (_gate!.Forward(hidden), _up!.Forward(hidden));
        return _down.Forward(_activation.Forward(gate) * up).MoveToOuterDisposeScope();
    }
}
