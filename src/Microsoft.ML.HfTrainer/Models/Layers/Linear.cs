using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>An affine map of the last axis, <c>x·Wᵀ + b</c>; the weight is <c>[out, in]</c>.</summary>
internal sealed class Linear : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    public Linear(long inputs, long outputs, bool bias = true)
    {
        _weight = Weights.Allocate(this, "weight", outputs, inputs);
        _bias = bias ? Weights.Allocate(this, "bias", outputs) : null;
    }

    /// <summary>The matrix, <c>[out, in]</c>.</summary>
    public Parameter Weight => _weight;

    /// <summary>The standard deviation of a new matrix; null: that of the model.</summary>
    public double? Deviation { get; init; }

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        if (name == "weight")
            parameter.normal_(0, Deviation ?? deviation);
        else
            parameter.zero_();
    }

    public Tensor Forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}
