using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Data.Collators;

/// <summary>Masks random tokens of a batch, drawing the same random numbers in the same order as Hugging Face Transformers.</summary>
internal sealed class TokenMasking : IDisposable
{
    private readonly HfTokenizer _tokenizer;
    private readonly double _share, _masked, _random;
    private readonly int _maskId;
    private readonly Generator? _generator;

    /// <param name="tokenizer">The tokenizer that defines the mask token, the special tokens and the vocabulary size.</param>
    /// <param name="share">The probability with which a token is selected for prediction.</param>
    /// <param name="masked">The probability with which a selected token is replaced by the mask token.</param>
    /// <param name="random">The probability with which a selected token is replaced by a random token.</param>
    /// <param name="seed">The seed of a separate random generator. If null, the global generator is used.</param>
    public TokenMasking(HfTokenizer tokenizer, double share, double masked, double random, long? seed)
    {
        (_tokenizer, _share, _masked, _random) = (tokenizer, share, masked, random);
        _maskId = tokenizer.MaskTokenId ?? throw new ArgumentException(
            $"The tokenizer '{tokenizer.Name}' has no mask token, which masked language modeling needs; name one in its tokenizer_config.json (\"mask_token\"), or set mlm to false.", nameof(tokenizer));
        _generator = seed is { } value ? new Generator((ulong)value) : null;
    }

    /// <summary>The state of the separate generator; null if there is none.</summary>
    public byte[]? RandomState
    {
        get
        {
            using var state = _generator?.get_state();
            return state?.bytes.ToArray();
        }

        set
        {
            if (_generator is null || value is null)
                return;
            using (var present = _generator.get_state())
                if (present.numel() != value.Length)
                    throw new InvalidDataException($"The random state of the collator has {value.Length} bytes; it should have {present.numel()}.");
            using var state = tensor(value);
            _generator.set_state(state);
        }
    }

    /// <summary>Replaces tokens in place and returns the labels, with -100 for tokens that are not predicted.</summary>
    /// <param name="ids">The token ids, int64 <c>[batch, length]</c>.</param>
    /// <param name="special">1 for tokens that are never masked, <c>[batch, length]</c>. If null, the special tokens of the tokenizer.</param>
    /// <param name="offsets">The start and end of each token, <c>[batch, length, 2]</c>, to mask whole words. If null, tokens are masked individually.</param>
    public Tensor Mask(Tensor ids, Tensor? special, Tensor? offsets)
    {
        using var scope = NewDisposeScope();
        var excluded = special?.to(ScalarType.Bool) ?? SpecialTokens.Mask(_tokenizer, ids);
        var words = offsets is null ? null : new WordStarts(offsets, excluded);
        var selected = Draw(full(ids.shape, _share, ScalarType.Float32).masked_fill_(words?.Continuations ?? excluded, 0));
        selected = words?.ExpandToWords(selected) ?? selected;
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
