using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// A body that reads a text with an encoder and writes another with a decoder, which sees what was written so far and all of what was read. Its hidden states
/// are the decoder's, <c>[batch, target length, size]</c>.
/// </summary>
/// <param name="config">The configuration, of which it needs the decoder's first token and the padding token.</param>
/// <param name="labelsAreTarget">Whether a batch's labels are the text to be written, of which the decoder's inputs are made where the batch has none.</param>
internal abstract class EncoderDecoderBody(PretrainedConfig config, bool labelsAreTarget) : ModelBody, IEncoderDecoder
{
    /// <summary>Older files have the shared embedding under these names too.</summary>
    protected static IReadOnlyDictionary<string, string> SharedNames { get; } = new Dictionary<string, string>
    {
        ["encoder.embed_tokens.weight"] = "shared.weight",
        ["decoder.embed_tokens.weight"] = "shared.weight",
    };

    private const string Ids = "input_ids", Mask = "attention_mask", DecoderIds = "decoder_input_ids", DecoderMask = "decoder_attention_mask";

    public override IReadOnlyCollection<string> InputNames => [Ids, Mask, DecoderIds, DecoderMask];

    /// <summary>Whether the decoder reads the encoder's text, moved by one, where a batch says nothing else.</summary>
    public bool DecodesInput { get; init; }

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var memory = new Memory(Encode(layout.Arrange(batch.Get(Ids)), layout), layout);
        var ids = DecoderInputs(batch);
        return Decode(ids, new TargetLayout(ids, batch.Find(DecoderMask), memory)).MoveToOuterDisposeScope();
    }

    /// <summary>Hidden states of the text that is read, in its layout.</summary>
    public abstract Tensor Encode(Tensor ids, TokenLayout layout);

    /// <summary>Hidden states of the text that is written, in its layout, which holds what <see cref="Encode"/> gave.</summary>
    public abstract Tensor Decode(Tensor ids, TargetLayout layout);

    public virtual Tensor PrepareDecoderInputIdsFromLabels(Tensor labels) =>
        IEncoderDecoder.ShiftTokensRight(labels, config.GetInt("decoder_start_token_id"), config.GetInt("pad_token_id"));

    private Tensor DecoderInputs(Batch batch)
    {
        if (batch.Find(DecoderIds) is { } given)
            return given;
        if (labelsAreTarget && batch.Find(Batch.Labels) is { } labels)
            return PrepareDecoderInputIdsFromLabels(labels);
        return DecodesInput ? PrepareDecoderInputIdsFromLabels(batch.Get(Ids)) : batch.Get(DecoderIds);
    }
}
