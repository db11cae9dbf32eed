using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Makes scores log probabilities.</summary>
internal sealed class NormalizedScores : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores) => nn.functional.log_softmax(scores, -1);
}
