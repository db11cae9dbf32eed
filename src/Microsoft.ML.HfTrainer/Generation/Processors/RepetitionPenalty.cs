using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Makes the scores of tokens that have occurred worse (Keskar et al. 2019, arXiv:1909.05858): those above 0 are divided by the penalty, those below multiplied.</summary>
/// <param name="penalty">The penalty; above 1 to make scores worse.</param>
/// <param name="padding">The number of tokens of padding before each text, <c>[texts, 1]</c> int64, which do not count. If null, there are none.</param>
internal sealed class RepetitionPenalty(double penalty, Tensor? padding = null) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores) => Penalize(padding is null ? ids : WithoutPadding(ids), scores, penalty);

    /// <summary>Penalizes the tokens of each row, which may occur several times.</summary>
    public static Tensor Penalize(Tensor ids, Tensor scores, double penalty)
    {
        var had = scores.gather(1, ids);
        return scores.scatter_(1, ids, where(had.less(0), had * penalty, had / penalty));
    }

    // The last token stands in the place of padding: it is penalized in any case.
    private Tensor WithoutPadding(Tensor ids)
    {
        var before = padding!.repeat_interleave(ids.shape[0] / padding.shape[0], 0);
        return where(arange(ids.shape[1], device: ids.device).unsqueeze(0).less(before), ids.narrow(1, ids.shape[1] - 1, 1), ids);
    }
}

/// <summary>Makes the scores of the tokens of an encoder's text better, so that the target keeps to it.</summary>
/// <param name="penalty">The factor; above 1 to make scores better.</param>
/// <param name="source">The encoder's tokens, <c>[texts, length]</c> int64.</param>
internal sealed class EncoderRepetitionPenalty(double penalty, Tensor source) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores) =>
        RepetitionPenalty.Penalize(source.repeat_interleave(ids.shape[0] / source.shape[0], 0), scores, 1 / penalty);
}
