using Microsoft.ML.HfTrainer.Data.Collators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Pads token features as <see cref="DataCollatorWithPadding"/> does, and the target texts (<c>label</c> or <c>labels</c>) to the longest of them. Where the
/// model makes its decoder's inputs of them, these are <c>decoder_input_ids</c>.
/// </summary>
public sealed class DataCollatorForSeq2Seq : IDataCollator
{
    private readonly TokenPadding _padding;
    private readonly IEncoderDecoder? _model;
    private readonly int _labelPadTokenId;

    /// <summary>Pads as a tokenizer says.</summary>
    /// <param name="tokenizer">Gives the padding id, the padding token type and the side.</param>
    /// <param name="model">The model that is trained; null, or one that is no <see cref="IEncoderDecoder"/>: no <c>decoder_input_ids</c>.</param>
    /// <param name="padToMultipleOf">Rounds the length up to a multiple; null: not rounded.</param>
    /// <param name="padding">To which length.</param>
    /// <param name="maxLength">The length of <see cref="PaddingStrategy.MaxLength"/>, in tokens, of inputs and targets; null: the tokenizer's for inputs, that of the longest for targets.</param>
    /// <param name="labelPadTokenId">What targets are filled up with; -100 counts in no loss.</param>
    /// <exception cref="ArgumentException">The tokenizer has no padding token, or a length is impossible.</exception>
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
