using Microsoft.ML.HfTrainer.Native;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Layers;

/// <summary>A table of vectors, looked up by id: <c>[...]</c> to <c>[..., size]</c>. The padding row gets no gradient.</summary>
internal class Embedding : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    public Embedding(long count, long size, int? paddingIndex = null)
    {
        _weight = Weights.Allocate(this, "weight", count, size);
        PaddingIndex = paddingIndex;
    }

    public int? PaddingIndex { get; private set; }

    /// <summary>Gives it another number of vectors.</summary>
    /// <inheritdoc cref="VocabularyRows.Resize"/>
    public void Resize(long count, double? deviation)
    {
        if (count == _weight.shape[0])
            return;
        // The original makes a new table before it fills it, whose random numbers count.
        empty([count, _weight.shape[1]], device: _weight.device).normal_().Dispose();
        VocabularyRows.Resize(_weight, count, deviation);
        if (PaddingIndex >= count)
            PaddingIndex = null;
    }

    /// <summary>The vectors, <c>[count, size]</c>.</summary>
    public Parameter Weight => _weight;

    /// <summary>The standard deviation of new vectors; null: that of the model.</summary>
    public double? Deviation { get; init; }

    public override void Initialize(string name, Tensor parameter, double deviation)
    {
        parameter.normal_(0, Deviation ?? deviation);
        if (PaddingIndex is { } padding)
            parameter[padding].zero_();
    }

    public Tensor Forward(Tensor ids) => TorchScript.Embedding(_weight, ids, PaddingIndex ?? -1);
}
