using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A convolution over the tokens of texts with zero padding at the ends, <c>[batch, length, size]</c> to the same shape.</summary>
internal sealed class Convolution : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    private readonly long _kernel, _groups;

    public Convolution(long size, long kernel, long groups)
    {
        (_kernel, _groups) = (kernel, groups);
        _weight = Weights.Allocate(this, "weight", size, size / groups, kernel);
        _bias = Weights.Allocate(this, "bias", size);
    }

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        if (name == "weight")
            parameter.normal_(0, deviation);
        else
            parameter.zero_();
    }

    public Tensor Forward(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return nn.functional.conv1d(rows.transpose(1, 2), _weight, _bias, padding: (_kernel - 1) / 2, groups: _groups).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }
}
