using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>An encoder-decoder of which only the encoder is computed; its hidden states are those of the source text.</summary>
internal sealed class EncoderOf : ModelBody
{
    private readonly EncoderDecoderBody _whole;

    public EncoderOf(EncoderDecoderBody whole)
    {
        _whole = whole;
        foreach (var (name, child) in whole.named_children())
            register_module(name, child);
    }

    public override long Size => _whole.Size;

    public override Embedding? InputEmbedding => _whole.InputEmbedding;

    public override long? MaxLength => _whole.MaxLength;

    public override Embedding? OutputEmbedding => _whole.OutputEmbedding;

    public override IReadOnlyDictionary<string, string> TiedNames => _whole.TiedNames;

    public override Tensor Forward(Batch batch, TokenLayout layout) => _whole.Encode(layout.Arrange(batch.Get("input_ids")), layout);
}
