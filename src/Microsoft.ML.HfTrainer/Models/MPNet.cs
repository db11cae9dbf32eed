using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>MPNet (Song et al. 2020, arXiv:2004.09297): BERT's layers with RoBERTa's positions and heads, and a relative position bias that all layers share.</summary>
internal static class MPNet
{
    public static readonly Architecture Registration = Roberta.Of("mpnet", "mpnet", "MPNet", vocabulary: 30527, (config, attention, pooled) => new MPNetModel(config, attention, pooled));
}

internal sealed class MPNetModel : ModelBody
{
    // Hugging Face Transformers uses these numbers whatever the configuration says; relative_attention_num_buckets is the size of the table only.
    private const int Buckets = 32, MaxDistance = 128;

    private readonly BertEmbeddings _embeddings;
    private readonly MPNetLayer[] _layers;
    private readonly RelativePositionBias _distances;
    private readonly Linear? _pooler;

    public MPNetModel(PretrainedConfig config, AttentionImplementation attention, bool pooled)
    {
        var settings = PostNormSettings.Read(config, attention);
        if (config.GetInt("relative_attention_num_buckets", Buckets) is var buckets and not Buckets)
            throw config.Error("relative_attention_num_buckets", $"is {buckets}", $"{Buckets}");
        Size = settings.Size;
        _embeddings = this.Register("embeddings", new BertEmbeddings(config, settings.Size, TokenPositions.AfterPadding, hasTypes: false));
        _distances = new RelativePositionBias(Buckets, settings.Heads, MaxDistance, bidirectional: true);
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"encoder.layer.{i}", new MPNetLayer(settings, _distances)))];
        this.Register("encoder.relative_attention_bias", _distances);
        _pooler = pooled ? this.Register("pooler.dense", new Linear(Size, Size)) : null;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _embeddings.Words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, .. _embeddings.InputRanges.Select(range => range.Name)];

    public override IReadOnlyList<InputRange> InputRanges => [.. base.InputRanges, .. _embeddings.InputRanges];

    public override long? MaxLength => _embeddings.Positions.MaxLength;

    internal override bool PaddingTakesPositions => _embeddings.Positions.PaddingIndex is null;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        _ = _distances.Of(layout);
        return TransformerLayer.RunAll(_layers, _embeddings.Forward(batch, layout), layout);
    }

    /// <summary>Returns the first token's hidden state after a dense layer and tanh.</summary>
    public override Tensor? Pool(Tensor hidden, TokenLayout layout) => _pooler?.Forward(layout.First(hidden)).tanh();
}

internal sealed class MPNetLayer(PostNormSettings settings, RelativePositionBias distances) : PostNormLayer(settings, _names)
{
    private static readonly PostNormNames _names = new()
    {
        Query = "attention.attn.q",
        Key = "attention.attn.k",
        Value = "attention.attn.v",
        Attended = "attention.attn.o",
        AttentionNorm = "attention.LayerNorm",
    };

    protected override (Tensor Query, Tensor? Bias) Relate(Tensor query, Tensor key, TokenLayout layout) => (query, distances.Of(layout));
}
