using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A linear map of the last axis with an optional bias: <c>[..., inputs]</c> to <c>[..., outputs]</c>.</summary>
public abstract class AffineMap : Layer
{
    private readonly Parameter? _bias;

    private protected AffineMap(long inputs, long outputs, bool bias, bool transposed)
    {
        Weight = new WeightMatrix(this, outputs, inputs, transposed);
        _bias = bias ? Weights.Allocate(this, "bias", outputs) : null;
    }

    /// <summary>The matrix, <c>[outputs, inputs]</c>.</summary>
    public WeightMatrix Weight { get; }

    /// <summary>The standard deviation of the initial weights. If null, that of the model (<c>initializer_range</c>).</summary>
    public double? Deviation { get; init; }

    /// <inheritdoc/>
    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        if (name == "weight")
            parameter.normal_(0, Deviation ?? deviation);
        else
            parameter.zero_();
    }

    /// <summary>Applies the map.</summary>
    /// <param name="input">A tensor <c>[..., inputs]</c>.</param>
    /// <returns>A tensor <c>[..., outputs]</c>.</returns>
    public Tensor Forward(Tensor input) => Weight.Multiply(input, _bias);
}
