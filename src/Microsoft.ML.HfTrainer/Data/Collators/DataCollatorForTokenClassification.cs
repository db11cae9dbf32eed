using Microsoft.ML.HfTrainer.Data.Collators;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Pads token features as <see cref="DataCollatorWithPadding"/> does, and labels that tokens have one by one (<c>label</c> or <c>labels</c>, whose name
/// stays) to the same length.
/// </summary>
public sealed class DataCollatorForTokenClassification : IDataCollator
{
    private readonly TokenPadding _padding;
    private readonly int _labelPadTokenId;

    /// <summary>Pads as a tokenizer says.</summary>
    /// <param name="tokenizer">Gives the padding id, the padding token type and the side.</param>
    /// <param name="padToMultipleOf">Rounds the length up to a multiple; null: not rounded.</param>
    /// <param name="padding">To which length.</param>
    /// <param name="maxLength">The length of <see cref="PaddingStrategy.MaxLength"/>, in tokens; null: the tokenizer's <see cref="HfTokenizer.ModelMaxLength"/>.</param>
    /// <param name="labelPadTokenId">What labels are filled up with; -100 counts in no loss.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is impossible.</exception>
    public DataCollatorForTokenClassification(
        HfTokenizer tokenizer, int? padToMultipleOf = null, PaddingStrategy padding = PaddingStrategy.Longest, int? maxLength = null, int labelPadTokenId = Batch.IgnoredLabel)
    {
        _padding = new TokenPadding(tokenizer, padding, maxLength, padToMultipleOf);
        (Tokenizer, _labelPadTokenId) = (tokenizer, labelPadTokenId);
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
