using Microsoft.ML.HfTrainer.Data.Collators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Collates batches for permutation language modeling as in XLNet (Yang et al. 2019): spans of tokens are predicted, each token from those that precede it in a random
/// order. The batch holds <c>input_ids</c> and <c>labels</c> <c>[batch, length]</c>, and <c>perm_mask</c> (1 where a token must not attend to another) and
/// <c>target_mapping</c>, float32 <c>[batch, length, length]</c>. The padded length must be even.
/// </summary>
/// <remarks>Random numbers are drawn from the global generator, in the same order as in Hugging Face Transformers.</remarks>
public sealed class DataCollatorForPermutationLanguageModeling : IDataCollator
{
    private readonly TokenPadding _padding;
    private readonly double _probability;
    private readonly int _maxSpanLength, _maskId;

    /// <summary>Creates a collator that pads and masks with the settings of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer that defines the padding, mask and special tokens.</param>
    /// <param name="plmProbability">The fraction of the tokens to predict. Default: 1/6.</param>
    /// <param name="maxSpanLength">The maximum length of a span in tokens. Default: 5.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding or mask token, or a value is invalid.</exception>
    public DataCollatorForPermutationLanguageModeling(HfTokenizer tokenizer, double plmProbability = 1.0 / 6, int maxSpanLength = 5)
    {
        _padding = new TokenPadding(tokenizer, PaddingStrategy.Longest, null, null);
        if (!(plmProbability > 0 && plmProbability <= 1))
            throw new ArgumentException(FormattableString.Invariant($"plmProbability is {plmProbability}; it should be above 0 and at most 1."), nameof(plmProbability));
        if (maxSpanLength < 1)
            throw new ArgumentException($"maxSpanLength is {maxSpanLength}; it should be 1 or more.", nameof(maxSpanLength));
        _maskId = tokenizer.MaskTokenId ?? throw new ArgumentException(
            $"The tokenizer '{tokenizer.Name}' has no mask token, which permutation language modeling needs; name one in its tokenizer_config.json (\"mask_token\").", nameof(tokenizer));
        (Tokenizer, _probability, _maxSpanLength) = (tokenizer, plmProbability, maxSpanLength);
    }

    /// <inheritdoc/>
    public HfTokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public bool DrawsRandomNumbers => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        _ = _padding.Complete(examples);
        var batch = new BatchBuilder(examples).Build(["input_ids"], _padding.For(examples), null);
        var (rows, length) = (examples.Count, (int)batch["input_ids"].shape[1]);
        if (length % 2 != 0)
        {
            batch.Dispose();
            throw new InvalidDataException($"The batch's longest example has {length} tokens; permutation language modeling needs an even number: pad or truncate when tokenizing.");
        }
        using var scope = NewDisposeScope();
        var ids = batch["input_ids"];
        var special = SpecialTokens.Mask(Tokenizer, ids).logical_or(ids.eq(_padding.PadTokenId));
        var predicted = stack(Enumerable.Range(0, rows).Select(_ => tensor(DrawSpans(length)))).logical_and(special.logical_not());
        var labels = ids.masked_fill(predicted.logical_not(), Batch.IgnoredLabel);
        ids.masked_fill_(predicted, _maskId);
        // Tokens that are neither predicted nor special are visible to all, and see no predicted token.
        var visible = predicted.logical_not().logical_and(special.logical_not());
        var hidden = Enumerable.Range(0, rows).Select(row =>
        {
            var order = DrawOrder(length).masked_fill_(visible[row], -1);
            return order.unsqueeze(1).less_equal(order.unsqueeze(0)).logical_and(predicted[row]);
        }).ToList();
        Add("perm_mask", stack(hidden).to(ScalarType.Float32));
        Add("target_mapping", eye(length).unsqueeze(0).repeat(rows, 1, 1));
        Add(Batch.Labels, labels);
        batch.OwnLabelCount = predicted.sum().item<long>();
        return batch;

        void Add(string name, Tensor tensor) => batch[name] = tensor.DetachFromDisposeScope();
    }

    // Each span lies at a random position within a context of span / probability tokens.
    private bool[] DrawSpans(int length)
    {
        var predicted = new bool[length];
        for (var start = 0; start < length;)
        {
            var span = (int)Draw(1, _maxSpanLength + 1);
            var context = (int)(span / _probability);
            var from = start + (int)Draw(0, context - span + 1);
            for (var i = from; i < Math.Min(from + span, length); i++)
                predicted[i] = true;
            start += context;
        }
        return predicted;
    }

    // Both halves share one random order, so that neither half sees into the other.
    private static Tensor DrawOrder(int length)
    {
        using var scope = NewDisposeScope();
        var half = randperm(length / 2, ScalarType.Int64);
        return cat([half, half + length / 2]).MoveToOuterDisposeScope();
    }

    private static long Draw(long low, long high)
    {
        using var drawn = randint(low, high, [1], ScalarType.Int64);
        return drawn.item<long>();
    }
}
