using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>BART's decoder alone, for causal language modelling. Its layers keep the weights of cross-attention, which is not computed.</summary>
internal sealed class BartDecoder : ModelBody
{
    private readonly TokenEmbedding _words;
    private readonly BartStack _decoder;
    private readonly double _scale;

    public BartDecoder(PretrainedConfig config, AttentionImplementation attention, BartStyle style)
    {
        // As Hugging Face Transformers does with the checkpoint of a whole model.
        config.Set("is_decoder", true);
        config.Set("is_encoder_decoder", false);
        var size = config.GetSize("d_model");
        _words = new TokenEmbedding(BartModel.TargetVocabulary(config), size, config.GetInt("pad_token_id"));
        _decoder = this.Register("decoder", new BartStack(config, attention, style, "decoder", _words));
        _scale = config.GetBool("scale_embedding", false) ? Math.Sqrt(size) : 1;
        Size = size;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override long? MaxLength => _decoder.MaxLength;

    // Checkpoints of whole models use the first name.
    public override IReadOnlyDictionary<string, string> TiedNames { get; } = new Dictionary<string, string> { ["shared.weight"] = "decoder.embed_tokens.weight" };

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var embedded = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout) * _scale;
        return _decoder.Forward(embedded, layout).MoveToOuterDisposeScope();
    }
}
