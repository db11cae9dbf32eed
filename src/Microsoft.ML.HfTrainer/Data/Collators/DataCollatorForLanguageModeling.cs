using Microsoft.ML.HfTrainer.Data.Collators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Makes batches to learn a language from texts alone. Masked (<c>mlm</c>): some tokens are hidden, and the labels are these tokens, -100 elsewhere. Causal: the
/// labels are the tokens themselves, -100 where they are the padding token. Labels that examples bring are replaced.
/// </summary>
/// <remarks>
/// Special tokens are never hidden: those of an example's <c>special_tokens_mask</c>, or where there is none those of the tokenizer. Random numbers are drawn
/// as the original draws them, from the process's generator or, with a seed, from one of its own, so that one seed hides the same tokens.
/// </remarks>
public sealed class DataCollatorForLanguageModeling : IDataCollator, IDisposable
{
    private static readonly string[] _taken = ["labels", "special_tokens_mask", "offset_mapping"];

    private readonly TokenPadding _padding;
    private readonly TokenMasking? _masking;
    private readonly bool _wholeWordMask;

    /// <summary>Pads and masks as a tokenizer says.</summary>
    /// <param name="tokenizer">Gives the padding, mask and special tokens, and the size of the vocabulary.</param>
    /// <param name="mlm">Masked language modelling; false: causal.</param>
    /// <param name="wholeWordMask">Hides all tokens of a word together, each behind the mask token. Words are found by the examples' <c>offset_mapping</c> <c>[tokens, 2]</c>.</param>
    /// <param name="mlmProbability">The share of tokens (of words) that is to be predicted.</param>
    /// <param name="maskReplaceProb">The share of these that is replaced by the mask token; with <paramref name="wholeWordMask"/> all are.</param>
    /// <param name="randomReplaceProb">The share of these that is replaced by a random token; the rest stays as it is.</param>
    /// <param name="padToMultipleOf">Rounds the length up to a multiple; null: not rounded.</param>
    /// <param name="seed">The seed of a generator of its own; null: the process's generator.</param>
    /// <exception cref="ArgumentException">The tokenizer lacks a padding or mask token, or a share is impossible.</exception>
    public DataCollatorForLanguageModeling(
        HfTokenizer tokenizer, bool mlm = true, bool wholeWordMask = false, double mlmProbability = 0.15, double maskReplaceProb = 0.8, double randomReplaceProb = 0.1,
        int? padToMultipleOf = null, long? seed = null)
    {
        _padding = new TokenPadding(tokenizer, PaddingStrategy.Longest, null, padToMultipleOf);
        (Tokenizer, _wholeWordMask) = (tokenizer, wholeWordMask);
        if (wholeWordMask && !mlm)
            throw new ArgumentException("wholeWordMask is set, and mlm is not; whole words are hidden in masked language modelling alone.", nameof(wholeWordMask));
        CheckShare(mlmProbability, nameof(mlmProbability));
        CheckShare(maskReplaceProb, nameof(maskReplaceProb));
        CheckShare(randomReplaceProb, nameof(randomReplaceProb));
        if (maskReplaceProb + randomReplaceProb > 1)
            throw new ArgumentException($"maskReplaceProb {maskReplaceProb} and randomReplaceProb {randomReplaceProb} are more than 1 together; they are shares of the same tokens.", nameof(randomReplaceProb));
        if (mlm)
            _masking = new TokenMasking(tokenizer, mlmProbability, wholeWordMask ? 1 : maskReplaceProb, wholeWordMask ? 0 : randomReplaceProb, seed);
    }

    /// <inheritdoc/>
    public HfTokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public bool DrawsRandomNumbers => _masking is not null;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var complete = _padding.Complete(examples);
        if (_wholeWordMask && complete.Count > 0 && !complete[0].ContainsKey("offset_mapping"))
            throw new InvalidDataException($"Examples have no 'offset_mapping', by which whole words are found; they have {string.Join(", ", complete[0].Keys)}. Give each token's start and end, [tokens, 2].");
        return Label(complete, complete.Count > 0 ? complete[0].Keys : []);
    }

    /// <summary>The batch of bare sequences of tokens, without an attention mask.</summary>
    /// <param name="sequences">The ids of each text.</param>
    public Batch Collate(IReadOnlyList<int[]> sequences)
    {
        if (_wholeWordMask)
            throw new InvalidOperationException("Whole words are found by 'offset_mapping', which bare sequences of tokens have not; give examples.");
        return Label([.. sequences.Select(ids => new Example { ["input_ids"] = ids })], ["input_ids"]);
    }

    /// <summary>Frees the generator of a seed.</summary>
    public void Dispose() => _masking?.Dispose();

    private Batch Label(IReadOnlyList<Example> examples, IReadOnlyCollection<string> names)
    {
        var (builder, paddingOf) = (new BatchBuilder(examples), _padding.For(examples));
        using var marks = builder.Build(names.Intersect(_taken[1..]), paddingOf, null);
        var batch = builder.Build(names.Except(_taken), paddingOf, null);
        using var scope = NewDisposeScope();
        var ids = batch["input_ids"];
        var labels = _masking is null
            ? ids.masked_fill(ids.eq(_padding.PadTokenId), Batch.IgnoredLabel)
            : _masking.Hide(ids, marks.Find("special_tokens_mask"), _wholeWordMask ? marks["offset_mapping"] : null);
        batch[Batch.Labels] = labels.DetachFromDisposeScope();
        batch.OwnLabelCount = labels.ne(Batch.IgnoredLabel).sum().item<long>();
        return batch;
    }

    private static void CheckShare(double share, string name)
    {
        if (!(share >= 0 && share <= 1))
            throw new ArgumentException($"{name} is {share}; it should be from 0 to 1.", name);
    }
}
