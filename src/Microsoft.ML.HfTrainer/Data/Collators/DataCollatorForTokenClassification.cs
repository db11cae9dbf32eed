using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Pads token features like <see cref="DataCollatorWithPadding"/>, and the labels of the tokens (<c>label</c> or <c>labels</c>, which keep their name) to the same
/// length.
/// </summary>
public sealed class DataCollatorForTokenClassification : IDataCollator
{
    private readonly TokenPadding _padding;
    private readonly int _labelPadTokenId;

    /// <summary>Creates a collator that pads with the settings of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer that defines the padding token id, the padding token type id and the padding side.</param>
    /// <param name="padToMultipleOf">A number to whose multiple the padded length is rounded up. If null, it is not rounded. Default: null.</param>
    /// <param name="padding">The padding strategy. Default: <see cref="PaddingStrategy.Longest"/>.</param>
    /// <param name="maxLength">The length in tokens for <see cref="PaddingStrategy.MaxLength"/>. If null, <see cref="HfTokenizer.ModelMaxLength"/>. Default: null.</param>
    /// <param name="labelPadTokenId">The value with which labels are padded. Default: -100, which the loss ignores.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is invalid.</exception>
    public DataCollatorForTokenClassification(
        HfTokenizer tokenizer, int? padToMultipleOf = null, PaddingStrategy padding = PaddingStrategy.Longest, int? maxLength = null, int labelPadTokenId = Batch.IgnoredLabel)
    {
        _padding = new TokenPadding(tokenizer, padding, maxLength, padToMultipleOf);
        (Tokenizer, _labelPadTokenId) = (tokenizer, labelPadTokenId);
    }

    /// <summary>Creates a collator that pads on the right with given values, for tokenizers without a padding token.</summary>
    internal DataCollatorForTokenClassification(int padTokenId, int padTokenTypeId)
    {
        _padding = new TokenPadding(padTokenId, padTokenTypeId, Side.Right, PaddingStrategy.Longest, null, null);
        _labelPadTokenId = Batch.IgnoredLabel;
    }

    /// <inheritdoc/>
    public HfTokenizer? Tokenizer { get; }

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var complete = _padding.Complete(examples);
        var builder = new BatchBuilder(complete);
        var (labels, paddingOf) = (builder.FindLabels("label", "labels"), _padding.For(complete));
        var padding = labels is null ? null : new Padding(_labelPadTokenId, paddingOf("input_ids")?.Length ?? complete[0]["input_ids"].Count, _padding.Side);
        return builder.Build(null, name => name == labels ? padding : paddingOf(name), labels, labels ?? Batch.Labels);
    }
}
