using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>An affine map of the last axis, <c>x·W + b</c>; the weight is <c>[in, out]</c>, as GPT-2's files have it.</summary>
internal sealed class Conv1D : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public Conv1D(long inputs, long outputs)
    {
        _weight = Weights.Allocate(this, "weight", inputs, outputs);
        _bias = Weights.Allocate(this, "bias", outputs);
    }

    /// <summary>The standard deviation of a new matrix; null: that of the model.</summary>
    public double? Deviation { get; init; }

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        if (name == "weight")
            parameter.normal_(0, Deviation ?? deviation);
        else
            parameter.zero_();
    }

    public Tensor Forward(Tensor input)
    {
        using var transposed = _weight.t();
        return nn.functional.linear(input, transposed, _bias);
    }
}
