using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>T5's encoder alone, for sentence embeddings (Ni et al. 2021, arXiv:2108.08877) and token classification.</summary>
internal sealed class T5Encoder : ModelBody
{
    private readonly TokenEmbedding _shared;
    private readonly T5Stack _encoder;
    private readonly T5Parts _parts;

    public T5Encoder(PretrainedConfig config, AttentionImplementation attention)
    {
        var parts = _parts = new T5Parts(config, attention);
        _shared = this.Register("shared", new TokenEmbedding(config.GetSize("vocab_size"), parts.Size) { Deviation = parts.Factor });
        _encoder = this.Register("encoder", new T5Stack(parts, config.GetSize("num_layers"), decodes: false));
        Size = parts.Size;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _shared;

    public override IReadOnlyDictionary<string, string> TiedNames { get; } = new Dictionary<string, string> { ["encoder.embed_tokens.weight"] = "shared.weight" };

    public override void Initialize(string path, Layer layer, string name, Tensor parameter, double deviation)
    {
        base.Initialize(path, layer, name, parameter, deviation);
        _parts.InitializeHead(path, parameter);
    }

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var embedded = _shared.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        return _encoder.Forward(embedded, layout);
    }
}
