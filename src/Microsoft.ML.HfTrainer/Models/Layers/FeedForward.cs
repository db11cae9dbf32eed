using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A feed-forward network of two projections: <c>output(activation(inner(x)))</c>, <c>[..., hidden size]</c> to the same shape. The projections are registered under the names given, in the order of assignment.</summary>
public sealed class FeedForward : Sublayer
{
    private readonly Activation _activation;
    private readonly AffineMap? _inner, _output;

    /// <summary>Creates a network without its projections.</summary>
    /// <param name="activation">The activation between the projections.</param>
    /// <param name="activationName">The name of the activation in checkpoints, if it has weights.</param>
    public FeedForward(Activation activation, string activationName = "act")
    {
        ArgumentNullException.ThrowIfNull(activation);
        _activation = activation.In(this, activationName);
    }

    /// <summary>The projection from the hidden size to the intermediate size, with its weight name.</summary>
    public required (string Name, AffineMap Map) Inner { init => _inner = this.Register(value.Name, value.Map); }

    /// <summary>The projection from the intermediate size to the hidden size, with its weight name.</summary>
    public required (string Name, AffineMap Map) Output { init => _output = this.Register(value.Name, value.Map); }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        return _output!.Forward(_activation.Forward(_inner!.Forward(hidden))).MoveToOuterDisposeScope();
    }
}
