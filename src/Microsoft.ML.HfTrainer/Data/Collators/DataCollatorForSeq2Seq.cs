using Microsoft.ML.HfTrainer.Data.Collators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Pads token features like <see cref="DataCollatorWithPadding"/>, and the target sequences (<c>label</c> or <c>labels</c>) to the longest of the batch. With a model
/// that is an <see cref="IEncoderDecoder"/>, the batch also holds its <c>decoder_input_ids</c>.
/// </summary>
public sealed class DataCollatorForSeq2Seq : IDataCollator
{
    private readonly TokenPadding _padding;
    private readonly IEncoderDecoder? _model;
    private readonly int _labelPadTokenId;

    /// <summary>Creates a collator that pads with the settings of a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer that defines the padding token id, the padding token type id and the padding side.</param>
    /// <param name="model">The model to train. If it is an <see cref="IEncoderDecoder"/>, it derives <c>decoder_input_ids</c> from the labels. Default: null.</param>
    /// <param name="padToMultipleOf">A number to whose multiple the padded length is rounded up. If null, it is not rounded. Default: null.</param>
    /// <param name="padding">The padding strategy. Default: <see cref="PaddingStrategy.Longest"/>.</param>
    /// <param name="maxLength">The length in tokens for <see cref="PaddingStrategy.MaxLength"/>, of inputs and targets. If null, <see cref="HfTokenizer.ModelMaxLength"/> for inputs and the longest of the batch for targets. Default: null.</param>
    /// <param name="labelPadTokenId">The value with which targets are padded. Default: -100, which the loss ignores.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is invalid.</exception>
    public DataCollatorForSeq2Seq(
        HfTokenizer tokenizer, nn.Module? model = null, int? padToMultipleOf = null, PaddingStrategy padding = PaddingStrategy.Longest, int? maxLength = null, int labelPadTokenId = Batch.IgnoredLabel)
    {
        _padding = new TokenPadding(tokenizer, padding, maxLength, padToMultipleOf);
        (Tokenizer, _model, _labelPadTokenId) = (tokenizer, model as IEncoderDecoder, labelPadTokenId);
    }

    /// <inheritdoc/>
    public HfTokenizer? Tokenizer { get; }

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Example> examples)
    {
        var complete = _padding.Complete(examples);
        var builder = new BatchBuilder(complete);
        var (labels, paddingOf) = (builder.FindLabels("label", "labels"), _padding.For(complete));
        if (labels is null)
            return builder.Build(complete[0].Keys.Where(name => name is not ("label" or "labels")), paddingOf, null);
        var target = _padding.ForLabels(complete, labels, _labelPadTokenId);
        var batch = builder.Build(null, name => name == labels ? target : paddingOf(name), labels);
        if (_model is not null)
            batch["decoder_input_ids"] = _model.PrepareDecoderInputIdsFromLabels(batch[Batch.Labels]).DetachFromDisposeScope();
        return batch;
    }
}
