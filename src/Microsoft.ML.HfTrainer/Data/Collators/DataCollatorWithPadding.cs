using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Pads token features to the longest example of the batch: <c>input_ids</c> with the padding id, <c>token_type_ids</c> with the padding type,
/// <c>attention_mask</c> (made where it is missing) with 0, <c>special_tokens_mask</c> with 1, on the tokenizer's padding side. <c>label</c> and
/// <c>label_ids</c> become <c>labels</c>; other features are stacked.
/// </summary>
public sealed class DataCollatorWithPadding : IDataCollator
{
    private readonly TokenPadding _padding;

    /// <summary>Pads as a tokenizer says.</summary>
    /// <param name="tokenizer">Gives the padding id, the padding token type and the side.</param>
    /// <param name="padToMultipleOf">Rounds the length up to a multiple; null: not rounded.</param>
    /// <param name="padding">To which length.</param>
    /// <param name="maxLength">The length of <see cref="PaddingStrategy.MaxLength"/>, in tokens; null: the tokenizer's <see cref="HfTokenizer.ModelMaxLength"/>.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is impossible.</exception>
    public DataCollatorWithPadding(HfTokenizer tokenizer, int? padToMultipleOf = null, PaddingStrategy padding = PaddingStrategy.Longest, int? maxLength = null)
    {
        _padding = new TokenPadding(tokenizer, padding, maxLength, padToMultipleOf);
        Tokenizer = tokenizer;
    }

    /// <summary>Pads with given values.</summary>
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
        return builder.Build(null, _padding.For(complete), builder.FindLabels("labels", "label", "label_ids"));
    }
}
