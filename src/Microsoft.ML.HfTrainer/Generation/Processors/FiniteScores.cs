using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Replaces scores that are not a number by 0, and infinite ones by the largest and lowest number.</summary>
internal sealed class FiniteScores : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores) => scores.nan_to_num(0, float.MaxValue, float.MinValue);
}
