using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>Layer normalization over the last axis of <c>[..., size]</c> (Ba et al. 2016, arXiv:1607.06450).</summary>
public sealed class LayerNorm : Norm
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    private readonly long[] _shape;
    private readonly double _epsilon;

    /// <summary>Creates a norm.</summary>
    /// <param name="size">The length of the last axis.</param>
    /// <param name="epsilon">The number added to the variance.</param>
    /// <param name="bias">true to add a bias after scaling.</param>
    public LayerNorm(long size, double epsilon, bool bias = true)
    {
        _shape = [size];
        _epsilon = epsilon;
        _weight = Weights.Allocate(this, "weight", size);
        _bias = bias ? Weights.Allocate(this, "bias", size) : null;
    }

    /// <inheritdoc/>
    public override void Initialize(string name, Tensor parameter, double deviation) => parameter.fill_(name == "weight" ? 1 : 0);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => nn.functional.layer_norm(input, _shape, _weight, _bias, _epsilon);
}
