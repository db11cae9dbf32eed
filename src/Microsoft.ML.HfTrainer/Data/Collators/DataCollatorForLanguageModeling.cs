using Microsoft.ML.HfTrainer.Data.Collators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Collates batches for language modeling. For masked language modeling (<c>mlm</c>), some tokens are masked; the labels are the masked tokens and -100 elsewhere.
/// For causal language modeling, the labels are the input ids, with -100 for the padding token. Labels in the examples are replaced.
/// </summary>
/// <remarks>
/// Special tokens are never masked: those in the <c>special_tokens_mask</c> of the examples, or without one, the special tokens of the tokenizer. Random numbers are
/// drawn as in Hugging Face Transformers, from the global generator or, with a seed, from a separate one, so that the same seed masks the same tokens.
/// </remarks>
public sealed class DataCollatorForLanguageModeling : IDataCollator, IDisposable
{
    private const string SpecialTokensMask = "special_tokens_mask", OffsetMapping = "offset_mapping";

    private static readonly string[] _taken = ["labels", SpecialTokensMask, OffsetMapping];

    private readonly TokenPadding _padding;
    private readonly TokenMasking? _masking;
    private readonly bool _wholeWordMask;

    /// <summary>Creates a collator that pads and masks with the settings of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer that defines the padding, mask and special tokens and the vocabulary size.</param>
    /// <param name="mlm">true for masked language modeling, false for causal language modeling. Default: true.</param>
    /// <param name="wholeWordMask">true to select whole words and replace all their tokens by the mask token. Words are found from the <c>offset_mapping</c> <c>[tokens, 2]</c> of the examples. Default: false.</param>
    /// <param name="mlmProbability">The probability with which a token (or a word) is selected for prediction. Default: 0.15.</param>
    /// <param name="maskReplaceProb">The probability with which a selected token is replaced by the mask token; 1 with <paramref name="wholeWordMask"/>. Default: 0.8.</param>
    /// <param name="randomReplaceProb">The probability with which a selected token is replaced by a random token; the rest is left unchanged. Default: 0.1.</param>
    /// <param name="padToMultipleOf">A number to whose multiple the padded length is rounded up. If null, it is not rounded. Default: null.</param>
    /// <param name="seed">The seed of a separate random generator. If null, the global generator is used. Default: null.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding or mask token, or a probability is invalid.</exception>
    public DataCollatorForLanguageModeling(
        HfTokenizer tokenizer, bool mlm = true, bool wholeWordMask = false, double mlmProbability = 0.15, double maskReplaceProb = 0.8, double randomReplaceProb = 0.1,
        int? padToMultipleOf = null, long? seed = null)
    {
        _padding = new TokenPadding(tokenizer, PaddingStrategy.Longest, null, padToMultipleOf);
        (Tokenizer, _wholeWordMask) = (tokenizer, wholeWordMask);
        if (wholeWordMask && !mlm)
            throw new ArgumentException("wholeWordMask is true and mlm is false; whole words are masked in masked language modeling only.", nameof(wholeWordMask));
        CheckShare(mlmProbability, nameof(mlmProbability));
        CheckShare(maskReplaceProb, nameof(maskReplaceProb));
        CheckShare(randomReplaceProb, nameof(randomReplaceProb));
        if (maskReplaceProb + randomReplaceProb > 1)
            throw new ArgumentException(FormattableString.Invariant($"maskReplaceProb {maskReplaceProb} and randomReplaceProb {randomReplaceProb} exceed 1 together; they are shares of the same tokens."), nameof(randomReplaceProb));
        if (mlm)
            _masking = new TokenMasking(tokenizer, mlmProbability, wholeWordMask ? 1 : maskReplaceProb, wholeWordMask ? 0 : randomReplaceProb, seed);
    }

    /// <inheritdoc/>
    public HfTokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public bool DrawsRandomNumbers => _masking is not null;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> InputNames => _masking is null ? [] : _wholeWordMask ? [SpecialTokensMask, OffsetMapping] : [SpecialTokensMask];

    /// <inheritdoc/>
    public byte[]? RandomState
    {
        get => _masking?.RandomState;
        set
        {
            if (_masking is not null)
                _masking.RandomState = value;
        }
    }

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var complete = _padding.Complete(examples);
        if (_wholeWordMask && complete.Count > 0 && !complete[0].ContainsKey(OffsetMapping))
            throw new InvalidDataException($"Examples have no 'offset_mapping', which is needed to find whole words; they have {string.Join(", ", complete[0].Keys)}. Provide the start and end of each token, [tokens, 2].");
        return Label(complete, complete.Count > 0 ? complete[0].Keys : []);
    }

    /// <summary>Collates sequences of token ids, without an attention mask.</summary>
    /// <param name="sequences">The token ids of each text.</param>
    public Batch Collate(IReadOnlyList<int[]> sequences)
    {
        if (_wholeWordMask)
            throw new InvalidOperationException("Whole words are found from 'offset_mapping', which sequences of token ids lack; pass examples instead.");
        return Label([.. sequences.Select(ids => new Example { ["input_ids"] = ids })], ["input_ids"]);
    }

    /// <summary>Disposes the random generator of the seed, if there is one.</summary>
    public void Dispose() => _masking?.Dispose();

    private Batch Label(IReadOnlyList<Example> examples, IReadOnlyCollection<string> names)
    {
        var (builder, paddingOf) = (new BatchBuilder(examples), _padding.For(examples));
        using var marks = builder.Build(names.Intersect(_taken[1..]), paddingOf, null);
        if (_wholeWordMask && marks[OffsetMapping].shape is not [_, _, 2])
            throw new InvalidDataException($"The examples have {examples[0][OffsetMapping].Describe()} in '{OffsetMapping}', which is needed to find whole words; it should hold the start and end of each token, [tokens, 2].");
        var batch = builder.Build(names.Except(_taken), paddingOf, null);
        using var scope = NewDisposeScope();
        var ids = batch["input_ids"];
        var labels = _masking is null
            ? ids.masked_fill(ids.eq(_padding.PadTokenId), Batch.IgnoredLabel)
            : _masking.Mask(ids, marks.Find(SpecialTokensMask), _wholeWordMask ? marks[OffsetMapping] : null);
        batch[Batch.Labels] = labels.DetachFromDisposeScope();
        batch.OwnLabelCount = labels.ne(Batch.IgnoredLabel).sum().item<long>();
        return batch;
    }

    private static void CheckShare(double share, string name)
    {
        if (!(share >= 0 && share <= 1))
            throw new ArgumentException(FormattableString.Invariant($"{name} is {share}; it should be from 0 to 1."), name);
    }
}
