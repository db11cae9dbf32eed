using Microsoft.ML.HfTrainer.Data.Collators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Makes batches for permutation language modelling as in XLNet (Yang et al. 2019): spans of tokens are to be predicted, each token from those that a random order
/// puts before it. Gives <c>input_ids</c>, <c>perm_mask</c> (1 where a token must not see another) and <c>target_mapping</c>, float32 <c>[batch, length, length]</c>,
/// and <c>labels</c>. Texts have an even length, padding included.
/// </summary>
/// <remarks>Random numbers come from the process's generator, in the original's order.</remarks>
public sealed class DataCollatorForPermutationLanguageModeling : IDataCollator
{
    private readonly TokenPadding _padding;
    private readonly double _probability;
    private readonly int _maxSpanLength, _maskId;

    /// <summary>Pads and masks as a tokenizer says.</summary>
    /// <param name="tokenizer">Gives the padding, mask and special tokens.</param>
    /// <param name="plmProbability">The share of tokens that is to be predicted.</param>
    /// <param name="maxSpanLength">The longest span, in tokens.</param>
    /// <exception cref="ArgumentException">The tokenizer lacks a padding or mask token, or a setting is impossible.</exception>
    public DataCollatorForPermutationLanguageModeling(HfTokenizer tokenizer, double plmProbability = 1.0 / 6, int maxSpanLength = 5)
    {
        _padding = new TokenPadding(tokenizer, PaddingStrategy.Longest, null, null);
        if (!(plmProbability > 0 && plmProbability <= 1))
            throw new ArgumentException($"plmProbability is {plmProbability}; it should be above 0, and 1 at most.", nameof(plmProbability));
        if (maxSpanLength < 1)
            throw new ArgumentException($"maxSpanLength is {maxSpanLength}; it should be 1 or more.", nameof(maxSpanLength));
        _maskId = tokenizer.MaskTokenId ?? throw new ArgumentException(
            $"The tokenizer '{tokenizer.Name}' has no mask token, which permutation language modelling hides tokens behind; name one in its tokenizer_config.json (\"mask_token\").", nameof(tokenizer));
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
            throw new InvalidDataException($"The batch's longest example has {length} tokens; permutation language modelling halves texts, and needs an even number: pad or cut them when tokenizing.");
        }
        using var scope = NewDisposeScope();
        var ids = batch["input_ids"];
        var special = SpecialTokens.Mask(Tokenizer, ids).logical_or(ids.eq(_padding.PadTokenId));
        var predicted = stack(Enumerable.Range(0, rows).Select(_ => tensor(DrawSpans(length)))).logical_and(special.logical_not());
        var labels = ids.masked_fill(predicted.logical_not(), Batch.IgnoredLabel);
        ids.masked_fill_(predicted, _maskId);
        // Tokens that are neither predicted nor special are seen by all, and see no predicted one.
        var seen = predicted.logical_not().logical_and(special.logical_not());
        var hidden = Enumerable.Range(0, rows).Select(row =>
        {
            var order = DrawOrder(length).masked_fill_(seen[row], -1);
            return order.unsqueeze(1).less_equal(order.unsqueeze(0)).logical_and(predicted[row]);
        }).ToList();
        Add("perm_mask", stack(hidden).to(ScalarType.Float32));
        Add("target_mapping", eye(length).unsqueeze(0).repeat(rows, 1, 1));
        Add(Batch.Labels, labels);
        batch.OwnLabelCount = predicted.sum().item<long>();
        return batch;

        void Add(string name, Tensor tensor) => batch[name] = tensor.DetachFromDisposeScope();
    }

    // Spans lie each at a random place of a stretch that is longer by the share to be predicted.
    private bool[] DrawSpans(int length)
    {
        var predicted = new bool[length];
        for (var start = 0; start < length;)
        {
            var span = (int)Draw(1, _maxSpanLength + 1);
            var stretch = (int)(span / _probability);
            var from = start + (int)Draw(0, stretch - span + 1);
            for (var i = from; i < Math.Min(from + span, length); i++)
                predicted[i] = true;
            start += stretch;
        }
        return predicted;
    }

    // Both halves go through the same random order, so that neither looks into the other.
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
