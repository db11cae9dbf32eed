using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Narrows the tokens that are drawn from to those that a rule keeps, but leaves at least so many of the best.</summary>
/// <param name="least">The least number of tokens that stay.</param>
internal abstract class ProbableTokens(int least) : LogitsProcessor
{
    public sealed override Tensor Process(Tensor ids, Tensor scores)
    {
        var best = scores.topk((int)Math.Min(least, scores.shape[1])).values;
        return scores.masked_fill(Unlikely(scores).logical_and(scores.less(best.narrow(1, best.shape[1] - 1, 1))), double.NegativeInfinity);
    }

    /// <summary>Returns true at tokens that are not drawn, as scores.</summary>
    protected abstract Tensor Unlikely(Tensor scores);
}

/// <summary>Keeps the most probable tokens.</summary>
internal sealed class TopK(int count, int least) : ProbableTokens(Math.Max(count, least))
{
    protected override Tensor Unlikely(Tensor scores) => ones_like(scores, ScalarType.Bool);
}

/// <summary>Keeps the most probable tokens whose probabilities add up to a number (Holtzman et al. 2019, arXiv:1904.09751).</summary>
internal sealed class TopP(double mass, int least) : ProbableTokens(least)
{
    protected override Tensor Unlikely(Tensor scores)
    {
        var (sorted, order) = scores.sort(-1, descending: false);
        var cumulative = nn.functional.softmax(sorted, -1).cumsum(-1);
        return zeros_like(scores, ScalarType.Bool).scatter_(1, order, cumulative.less_equal(1 - mass));
    }
}

/// <summary>Keeps tokens that are at least so many times as probable as the most probable one (Nguyen et al. 2024, arXiv:2407.01082).</summary>
internal sealed class MinP(double share, int least) : ProbableTokens(least)
{
    protected override Tensor Unlikely(Tensor scores)
    {
        var probabilities = nn.functional.softmax(scores, -1);
        return probabilities.lt(probabilities.amax([-1], keepdim: true) * share);
    }
}

/// <summary>Keeps tokens of at least a probability (Hewitt et al. 2022, arXiv:2210.15191).</summary>
internal sealed class EpsilonCutoff(double epsilon, int least) : ProbableTokens(least)
{
    protected override Tensor Unlikely(Tensor scores) => nn.functional.softmax(scores, -1).less(epsilon);
}

/// <summary>Keeps tokens of at least a probability that is lower where the next token is uncertain (Hewitt et al. 2022, arXiv:2210.15191).</summary>
internal sealed class EtaCutoff(double epsilon, int least) : ProbableTokens(least)
{
    protected override Tensor Unlikely(Tensor scores)
    {
        var logs = nn.functional.log_softmax(scores, -1);
        // A token that is forbidden adds nothing to the entropy.
        var entropy = -(logs.exp() * logs.clamp(min: float.MinValue)).sum(-1, keepdim: true);
        return logs.exp().lt(((-entropy).exp() * Math.Sqrt(epsilon)).clamp(max: epsilon));
    }
}
