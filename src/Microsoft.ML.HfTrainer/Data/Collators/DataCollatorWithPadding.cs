using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Pads token features to the longest example of the batch: <c>input_ids</c> with the padding token id, <c>token_type_ids</c> with the padding token type id,
/// <c>attention_mask</c> (added if missing) with 0 and <c>special_tokens_mask</c> with 1, on the padding side of the tokenizer. <c>label</c> and <c>label_ids</c>
/// become <c>labels</c>; other features are stacked.
/// </summary>
public sealed class DataCollatorWithPadding : IDataCollator
{
    private readonly TokenPadding _padding;

    /// <summary>Creates a collator that pads with the settings of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer that defines the padding token id, the padding token type id and the padding side.</param>
    /// <param name="padToMultipleOf">A number to whose multiple the padded length is rounded up. If null, it is not rounded. Default: null.</param>
    /// <param name="padding">The padding strategy. Default: <see cref="PaddingStrategy.Longest"/>.</param>
    /// <param name="maxLength">The length in tokens for <see cref="PaddingStrategy.MaxLength"/>. If null, <see cref="HfTokenizer.ModelMaxLength"/>. Default: null.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is invalid.</exception>
    public DataCollatorWithPadding(HfTokenizer tokenizer, int? padToMultipleOf = null, PaddingStrategy padding = PaddingStrategy.Longest, int? maxLength = null)
    {
        _padding = new TokenPadding(tokenizer, padding, maxLength, padToMultipleOf);
        Tokenizer = tokenizer;
    }

    /// <summary>Creates a collator that pads with the given values, without a tokenizer.</summary>
    /// <param name="padTokenId">The padding token id.</param>
    /// <param name="padTokenTypeId">The padding token type id. Default: 0.</param>
    /// <param name="side">The padding side. Default: <see cref="Side.Right"/>.</param>
    /// <param name="padToMultipleOf">A number to whose multiple the padded length is rounded up. If null, it is not rounded. Default: null.</param>
    public DataCollatorWithPadding(int padTokenId, int padTokenTypeId = 0, Side side = Side.Right, int? padToMultipleOf = null)
    {
        _padding = new TokenPadding(padTokenId, padTokenTypeId, side, PaddingStrategy.Longest, null, padToMultipleOf);
    }

    /// <inheritdoc/>
    public HfTokenizer? Tokenizer { get; }

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var complete = _padding.Complete(examples);
        var builder = new BatchBuilder(complete);
        return builder.Build(null, _padding.For(complete), builder.FindLabels([Batch.Labels, .. Batch.OtherLabelNames]));
    }
}
