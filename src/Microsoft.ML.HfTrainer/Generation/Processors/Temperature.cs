using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Divides scores by a number above 0.</summary>
internal sealed class Temperature(double temperature) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores) => scores.div_(temperature);
}
