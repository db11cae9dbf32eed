using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// A body with an encoder, which reads a text, and a decoder, which attends to the encoder's output and to the target tokens so far. Its hidden states are the decoder's,
/// <c>[batch, target length, size]</c>.
/// </summary>
/// <param name="config">The configuration, of which <c>decoder_start_token_id</c> and <c>pad_token_id</c> are read.</param>
/// <param name="labelsAreTarget">true if a batch's labels are the target text, of which the decoder's inputs are made if the batch has none.</param>
public abstract class EncoderDecoderBody(PretrainedConfig config, bool labelsAreTarget) : ModelBody, IEncoderDecoder
{
    /// <summary>The names under which older checkpoints have the shared embedding too.</summary>
    private protected static IReadOnlyDictionary<string, string> SharedNames { get; } = new Dictionary<string, string>
    {
        ["encoder.embed_tokens.weight"] = "shared.weight",
        ["decoder.embed_tokens.weight"] = "shared.weight",
    };

    private const string Ids = "input_ids", Mask = "attention_mask", DecoderIds = "decoder_input_ids", DecoderMask = "decoder_attention_mask";

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> InputNames => [Ids, Mask, DecoderIds, DecoderMask];

    /// <inheritdoc/>
    public override IReadOnlyList<InputRange> InputRanges => OutputEmbedding is { } words ? [.. base.InputRanges, new(DecoderIds, words.Weight.Rows)] : base.InputRanges;

    /// <summary>true if the decoder reads the encoder's text, shifted right by one, when a batch gives no other inputs for it.</summary>
    public bool DecodesInput { get; init; }

    /// <inheritdoc/>
    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        if (layout.HoldsSeveralTexts)
            throw new NotSupportedException("The batch holds several texts in one row (DataCollatorWithFlattening), and the decoder of an encoder-decoder would attend to all of them. Use DataCollatorForSeq2Seq.");
        using var scope = NewDisposeScope();
        var (ids, from) = DecoderInputs(batch);
        if (batch.ContainsKey(DecoderMask))
            BatchCheck.Beside(batch, DecoderMask, ids, from);
        if (MaxLength is { } most)
            BatchCheck.Length(batch, from, ids.shape[1], most);
        var memory = new Memory(Encode(layout.Arrange(batch.Get(Ids)), layout), layout);
        return Decode(ids, new PaddedLayout(ids, batch.Find(DecoderMask)) { Memory = memory }).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the encoder's hidden states, in its layout.</summary>
    /// <param name="ids">The source tokens in the layout.</param>
    /// <param name="layout">The layout.</param>
    public abstract Tensor Encode(Tensor ids, TokenLayout layout);

    /// <summary>Computes the decoder's hidden states, in its layout.</summary>
    /// <param name="ids">The target tokens in the layout.</param>
    /// <param name="layout">The layout, whose <see cref="TokenLayout.Memory"/> is the encoder's output.</param>
    public abstract Tensor Decode(Tensor ids, TokenLayout layout);

    /// <inheritdoc/>
    public virtual Tensor PrepareDecoderInputIdsFromLabels(Tensor labels) =>
        IEncoderDecoder.ShiftTokensRight(labels, config.GetInt("decoder_start_token_id"), config.GetInt("pad_token_id"));

    // With the name of the tensor that they come from.
    private (Tensor Ids, string From) DecoderInputs(Batch batch)
    {
        if (batch.Find(DecoderIds) is { } given)
            return (given, DecoderIds);
        if (labelsAreTarget && batch.Find(Batch.Labels) is { } labels)
        {
            BatchCheck.Classes(batch, Batch.Labels, OutputEmbedding?.Weight.Rows ?? long.MaxValue);
            return (PrepareDecoderInputIdsFromLabels(labels), Batch.Labels);
        }
        return DecodesInput ? (PrepareDecoderInputIdsFromLabels(batch.Get(Ids)), Ids) : (batch.Get(DecoderIds), DecoderIds);
    }
}
