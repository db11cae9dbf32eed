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

    public int? PaddingIndex { get; }

    public Tensor Forward(Tensor ids) => TorchScript.Embedding(_weight, ids, PaddingIndex ?? -1);
}
