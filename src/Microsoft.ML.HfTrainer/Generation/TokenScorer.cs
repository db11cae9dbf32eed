using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Generation;

/// <summary>Scores the next token of several sequences, which grow by one token at a time.</summary>
/// <param name="useCache">true to keep the keys and values of the tokens so far.</param>
internal abstract class TokenScorer(bool useCache) : IDisposable
{
    private KeyValueCache? _cache = useCache ? new KeyValueCache() : null;

    /// <summary>Returns the scores of the token after each row, <c>[rows, vocabulary]</c> float32.</summary>
    /// <param name="ids">All tokens so far, <c>[rows, length]</c>.</param>
    public Tensor Next(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var tokens = _cache is { Length: > 0 and var known } ? ids.narrow(1, known, ids.shape[1] - known) : ids;
        var scores = Score(tokens, ids.shape[1], _cache);
        // A body of other blocks than the library's keeps nothing.
        if (_cache is { Length: 0 } unused)
        {
            unused.Dispose();
            _cache = null;
        }
        return scores.to(ScalarType.Float32, copy: true).MoveToOuterDisposeScope();
    }

    /// <summary>Makes each row several rows, one after another.</summary>
    public virtual void Repeat(int times) => _cache?.Repeat(times);

    /// <summary>Gives each row the tokens of another row of the same text.</summary>
    /// <param name="rows">The number of the row whose tokens each row is given, <c>[rows]</c> int64.</param>
    public void Reorder(Tensor rows) => _cache?.Reorder(rows);

    public void Dispose() => _cache?.Dispose();

    /// <summary>Computes the scores of the token after the last one.</summary>
    /// <param name="tokens">The tokens that the cache does not hold, <c>[rows, new tokens]</c>.</param>
    /// <param name="length">The number of all tokens.</param>
    /// <param name="cache">The cache; null to compute without one.</param>
    protected abstract Tensor Score(Tensor tokens, long length, KeyValueCache? cache);
}

/// <summary>The next token of a causal language model.</summary>
/// <param name="model">The model.</param>
/// <param name="mask">1 at a token and 0 at padding of the prompt, <c>[rows, prompt length]</c> int64. If null, there is no padding.</param>
/// <param name="useCache">true to keep the keys and values of the tokens so far.</param>
internal sealed class CausalScorer(HeadedModel model, Tensor? mask, bool useCache) : TokenScorer(useCache)
{
    private Tensor? _mask = mask;

    public override void Repeat(int times)
    {
        base.Repeat(times);
        _mask = _mask?.repeat_interleave(times, 0);
    }

    protected override Tensor Score(Tensor tokens, long length, KeyValueCache? cache)
    {
        var seen = _mask is null ? null : cat([_mask, ones([_mask.shape[0], length - _mask.shape[1]], ScalarType.Int64, _mask.device)], 1);
        // Padding does not count.
        var positions = seen is null ? null : (seen.cumsum(1) - 1).masked_fill(seen.eq(0), 0).narrow(1, length - tokens.shape[1], tokens.shape[1]);
        var batch = new Batch { Size = (int)tokens.shape[0], ["input_ids"] = tokens };
        if (seen is not null)
            (batch["attention_mask"], batch["position_ids"]) = (seen, positions!);
        TokenLayout layout = cache is null ? new PaddedLayout(tokens, seen, positions) : new CachedLayout(cache, tokens, seen, positions);
        return model.NextTokenScores(model.Body.Forward(batch, layout), layout);
    }
}

/// <summary>The next token of the decoder of an encoder-decoder.</summary>
internal sealed class DecoderScorer : TokenScorer
{
    private readonly HeadedModel _model;
    private readonly EncoderDecoderBody _body;
    private Tensor _hidden;
    private Tensor? _mask;
    private Memory _memory;

    /// <param name="model">The model.</param>
    /// <param name="source">The encoder's tokens, <c>[texts, length]</c>.</param>
    /// <param name="mask">1 at a token and 0 at padding, as <paramref name="source"/>. If null, there is no padding.</param>
    /// <param name="useCache">true to keep the keys and values of the tokens so far, and those of the encoder's output.</param>
    public DecoderScorer(HeadedModel model, Tensor source, Tensor? mask, bool useCache) : base(useCache)
    {
        (_model, _body, _mask) = (model, (EncoderDecoderBody)model.Body, mask);
        var layout = new PaddedLayout(source, mask);
        _hidden = _body.Encode(source, layout);
        _memory = new Memory(_hidden, layout);
    }

    public override void Repeat(int times)
    {
        base.Repeat(times);
        (_hidden, _mask) = (_hidden.repeat_interleave(times, 0), _mask?.repeat_interleave(times, 0));
        _memory = new Memory(_hidden, new PaddedLayout(_hidden, _mask));
    }

    protected override Tensor Score(Tensor tokens, long length, KeyValueCache? cache)
    {
        TokenLayout layout = cache is null ? new PaddedLayout(tokens) { Memory = _memory } : new CachedLayout(cache, tokens) { Memory = _memory };
        return _model.NextTokenScores(_body.Decode(tokens, layout), layout);
    }
}
