using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation.Processors;

/// <summary>Adds a number to the score of the last token of a sequence when the others precede it; minus infinity forbids the sequence.</summary>
internal sealed class SequenceBiases : LogitsProcessor
{
    private readonly Tensor _single;
    private readonly List<(Tensor Prefixes, Tensor Tokens, Tensor Biases)> _longer;

    public SequenceBiases(IReadOnlyList<SequenceBias> biases, long vocabulary, Device device)
    {
        var single = new float[vocabulary];
        foreach (var bias in biases.Where(bias => bias.TokenIds.Count == 1))
            single[bias.TokenIds[0]] = (float)bias.Bias;
        _single = tensor(single, device: device);
        _longer =
        [
            .. from bias in biases
               where bias.TokenIds.Count > 1
               group bias by bias.TokenIds.Count - 1 into alike
               select (
                   tensor(alike.SelectMany(bias => bias.TokenIds.SkipLast(1).Select(id => (long)id)).ToArray(), device: device).view(-1, alike.Key),
                   tensor(alike.Select(bias => (long)bias.TokenIds[^1]).ToArray(), device: device),
                   tensor(alike.Select(bias => (float)bias.Bias).ToArray(), device: device)),
        ];
    }

    public override Tensor Process(Tensor ids, Tensor scores)
    {
        scores = scores + _single;
        foreach (var (prefixes, tokens, biases) in _longer.Where(group => group.Prefixes.shape[1] <= ids.shape[1]))
        {
            var length = prefixes.shape[1];
            var matches = ids.narrow(1, ids.shape[1] - length, length).unsqueeze(1).eq(prefixes).all(-1);
            scores.index_add_(1, tokens, where(matches, biases, zeros_like(biases)), ((Number)1).Held);
        }
        return scores;
    }
}
