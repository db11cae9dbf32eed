using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A map of the last axis by a matrix and, where there is one, a bias.</summary>
internal abstract class AffineMap : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    /// <param name="rows">The matrix's rows, as files have it.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="biases">The size of the bias; 0: there is none.</param>
    protected AffineMap(long rows, long columns, long biases)
    {
        _weight = Weights.Allocate(this, "weight", rows, columns);
        _bias = biases > 0 ? Weights.Allocate(this, "bias", biases) : null;
    }

    /// <summary>The matrix.</summary>
    public Parameter Weight => _weight;

    /// <summary>The standard deviation of a new matrix; null: that of the model.</summary>
    public double? Deviation { get; init; }

    protected Parameter? Bias => _bias;

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        if (name == "weight")
            parameter.normal_(0, Deviation ?? deviation);
        else
            parameter.zero_();
    }
}
