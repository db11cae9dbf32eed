using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Layer normalisation over the last axis, with scale and, where it is not left out, shift.</summary>
internal sealed class LayerNorm : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    private readonly long[] _shape;
    private readonly double _epsilon;

    public LayerNorm(long size, double epsilon, bool bias = true)
    {
        _shape = [size];
        _epsilon = epsilon;
        _weight = Weights.Allocate(this, "weight", size);
        _bias = bias ? Weights.Allocate(this, "bias", size) : null;
    }

    public override void Initialize(string name, Tensor parameter, double deviation) => parameter.fill_(name == "weight" ? 1 : 0);

    public Tensor Forward(Tensor input) => nn.functional.layer_norm(input, _shape, _weight, _bias, _epsilon);
}
