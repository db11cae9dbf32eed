using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Keeps tokens whose information is closest to the expected one and whose probabilities add up to a number (Meister et al. 2022, arXiv:2202.00666).</summary>
/// <param name="mass">The sum of the probabilities.</param>
/// <param name="least">The least number of tokens that stay: those closest to the expected information.</param>
internal sealed class TypicalP(double mass, int least) : LogitsProcessor
{
    public override Tensor Process(Tensor ids, Tensor scores)
    {
        var logs = nn.functional.log_softmax(scores, -1);
        var entropy = -(logs * logs.exp()).nan_to_num(0).sum(-1, keepdim: true);
        var (distances, order) = (-logs - entropy).abs().sort(-1, descending: false);
        var cumulative = nn.functional.softmax(scores.gather(-1, order), -1).cumsum(-1);
        var last = cumulative.less(mass).sum(1, keepdim: true).clamp(max: scores.shape[1] - 1);
        var unlikely = distances.gt(distances.gather(1, last));
        unlikely.narrow(1, 0, Math.Min(least, scores.shape[1])).fill_(0);
        return scores.masked_fill(zeros_like(unlikely).scatter_(1, order, unlikely), double.NegativeInfinity);
    }
}
