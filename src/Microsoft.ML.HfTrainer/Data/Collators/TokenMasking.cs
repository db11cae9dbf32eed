using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>Hides random tokens of a batch, with the draws of the original in its order.</summary>
internal sealed class TokenMasking : IDisposable
{
    private readonly HfTokenizer _tokenizer;
    private readonly double _share, _masked, _random;
    private readonly int _maskId;
    private readonly Generator? _generator;

    /// <param name="tokenizer">Gives the mask token, the special tokens and the size of the vocabulary.</param>
    /// <param name="share">The share of tokens that is to be predicted.</param>
    /// <param name="masked">The share of these that is replaced by the mask token.</param>
    /// <param name="random">The share of these that is replaced by a random token.</param>
    /// <param name="seed">The seed of a generator of its own; null: the process's.</param>
    public TokenMasking(HfTokenizer tokenizer, double share, double masked, double random, long? seed)
    {
        (_tokenizer, _share, _masked, _random) = (tokenizer, share, masked, random);
        _maskId = tokenizer.MaskTokenId ?? throw new ArgumentException(
            $"The tokenizer '{tokenizer.Name}' has no mask token, which masked language modelling hides tokens behind; name one in its tokenizer_config.json (\"mask_token\"), or set mlm to false.", nameof(tokenizer));
        _generator = seed is { } value ? new Generator((ulong)value) : null;
    }

    /// <summary>Replaces tokens in place, and gives the labels.</summary>
    /// <param name="ids">The tokens, <c>[batch, length]</c> int64.</param>
    /// <param name="special">1 for tokens that stay, of the same shape; null: the tokenizer's special tokens.</param>
    /// <param name="offsets">Start and end of each token, <c>[batch, length, 2]</c>, to hide whole words; null: each token by itself.</param>
    public Tensor Hide(Tensor ids, Tensor? special, Tensor? offsets)
    {
        using var scope = NewDisposeScope();
        var stays = special?.to(ScalarType.Bool) ?? SpecialTokens.Mask(_tokenizer, ids);
        var words = offsets is null ? null : new WordStarts(offsets, stays);
        var selected = Draw(full(ids.shape, _share, ScalarType.Float32).masked_fill_(words?.Others ?? stays, 0));
        selected = words?.Spread(selected) ?? selected;
        var labels = ids.masked_fill(selected.logical_not(), Batch.IgnoredLabel);
        var masked = Draw(full(ids.shape, _masked, ScalarType.Float32)).logical_and(selected);
        var hidden = ids.masked_fill(masked, _maskId);
        if (_masked < 1 && _random > 0)
        {
            var random = Draw(full(ids.shape, _random / (1 - _masked), ScalarType.Float32)).logical_and(selected).logical_and(masked.logical_not());
            hidden = where(random, randint(_tokenizer.VocabularySize, ids.shape, ScalarType.Int64, generator: _generator), hidden);
        }
        ids.copy_(hidden);
        return labels.MoveToOuterDisposeScope();
    }

    public void Dispose() => _generator?.Dispose();

    private Tensor Draw(Tensor probabilities) => bernoulli(probabilities, _generator).to(ScalarType.Bool);
}
