using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>A body of encoder and decoder of which the encoder alone is used; its hidden states are those of the text that is read.</summary>
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

    public override Embedding? OutputEmbedding => _whole.OutputEmbedding;

    public override IReadOnlyDictionary<string, string> TiedNames => _whole.TiedNames;

    public override Tensor Forward(Batch batch, TokenLayout layout) => _whole.Encode(layout.Arrange(batch.Get("input_ids")), layout);
}
