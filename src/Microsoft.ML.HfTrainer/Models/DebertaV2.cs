using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// DeBERTa, versions 2 and 3 (He et al. 2020 and 2021, arXiv:2006.03654, arXiv:2111.09543): BERT's layers with disentangled attention, by content and by relative position.
/// Padding neither attends nor is attended to.
/// </summary>
internal static class DebertaV2
{
    public const double Epsilon = 1e-7;

    public static readonly Architecture Registration = new Architecture("deberta-v2", basePrefix: "deberta") 
    {
        ClassName = "DebertaV2",
        Defaults = """
            {
              "vocab_size": 128100, "hidden_size": 1536, "intermediate_size": 6144, "num_hidden_layers": 24, "num_attention_heads": 24, "max_position_embeddings": 512
            }
            """,
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.FirstToken, Pooled(config)))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new ClassifierShape { Dropout = Dropout(config) }))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear)
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(TextPooling.FirstToken, Pooled(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(config.GetBool("legacy", true) ? Predictions(config, "cls.predictions", "cls.predictions.transform") with { DecoderMatrix = "decoder" }
            : Predictions(config, "lm_predictions.lm_head", "lm_predictions.lm_head")));

    private static double Dropout(PretrainedConfig config) => config.GetProbability("hidden_dropout_prob", 0.1);

    private static ClassifierShape Pooled(PretrainedConfig config) => new()
    {
        Dense = "pooler.dense",
        InputDropout = config.GetProbability("pooler_dropout", 0),
        Activation = Activation.FromConfig(config, "pooler_hidden_act", "gelu"),
        Dropout = config.GetProbability("cls_dropout", Dropout(config)),
    };

    private static MaskedLanguageModelShape Predictions(PretrainedConfig config, string decoder, string transform) => new()
    {
        Dense = $"{transform}.dense",
        Activation = Activation.FromConfig(config, "hidden_act", "gelu"),
        ActivationName = $"{transform}.transform_act_fn",
        Norm = $"{transform}.LayerNorm",
        Epsilon = config.GetDouble("layer_norm_eps", Epsilon),
        Decoder = decoder,
    };

    private static DebertaV2Model Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

internal sealed class DebertaV2Model : ModelBody
{
    private readonly DebertaV2Embeddings _embeddings;
    private readonly DebertaV2Layer[] _layers;
    private readonly DistanceTable? _distances;
    private readonly DebertaV2Convolution? _convolution;

    public DebertaV2Model(PretrainedConfig config, AttentionImplementation attention)
    {
        var settings = PostNormSettings.Read(config, attention, epsilon: DebertaV2.Epsilon);
        var distances = DebertaV2Distances.Read(config);
        settings = settings with { HeadSize = config.Has("attention_head_size") ? config.GetSize("attention_head_size") : settings.HeadSize };
        settings = settings with { Scale = 1 / Math.Sqrt((double)settings.HeadSize * distances.Terms) };
        Size = settings.Size;
        _embeddings = this.Register("embeddings", new DebertaV2Embeddings(config, settings));
        if (distances.Exist)
            _distances = Table(distances, settings);
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"encoder.layer.{i}", new DebertaV2Layer(settings, distances, _distances)))];
        if (config.GetInt("conv_kernel_size", 0) > 0)
            _convolution = this.Register("encoder.conv", new DebertaV2Convolution(config, settings));
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _embeddings.Words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, .. _embeddings.InputRanges.Select(range => range.Name)];

    public override IReadOnlyList<InputRange> InputRanges => [.. base.InputRanges, .. _embeddings.InputRanges];

    public override long? MaxLength => _embeddings.MaxLength;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var embedded = _embeddings.Forward(batch, layout);
        _ = _distances?.Vectors(layout);
        if (_convolution is null)
            return TransformerLayer.RunAll(_layers, embedded, layout);
        using var kept = embedded;
        using var first = _layers[0].Run(embedded, layout);
        return TransformerLayer.RunAll(_layers[1..], _convolution.Forward(embedded, first, layout), layout);
    }

    private DistanceTable Table(DebertaV2Distances distances, PostNormSettings settings)
    {
        var vectors = this.Register("encoder.rel_embeddings", new Embedding(2L * DistanceTable.SpanOf(distances.Buckets, distances.Max), settings.Size));
        var norm = distances.AreNormed ? this.Register("encoder.LayerNorm", new LayerNorm(settings.Size, settings.Epsilon)) : null;
        return new DistanceTable(vectors, norm, distances.Buckets, distances.Max);
    }
}

/// <summary>The relative positions of disentangled attention.</summary>
/// <param name="Exist">true if there are any.</param>
/// <param name="Buckets">The number of buckets; below 1 there are none.</param>
/// <param name="Max">The largest distance that is distinguished.</param>
/// <param name="AreNormed">true if the embeddings of distances are normalized.</param>
/// <param name="FromQueries">true if content-to-position scores are added (<c>c2p</c>).</param>
/// <param name="FromKeys">true if position-to-content scores are added (<c>p2c</c>).</param>
/// <param name="ShareMaps">true if distances are mapped to queries and keys by the weights of contents.</param>
internal sealed record DebertaV2Distances(bool Exist, int Buckets, int Max, bool AreNormed, bool FromQueries, bool FromKeys, bool ShareMaps)
{
    /// <summary>The number of terms of a score, by which it is scaled even if they are not computed.</summary>
    public int Terms => 1 + (FromQueries ? 1 : 0) + (FromKeys ? 1 : 0);

    public static DebertaV2Distances Read(PretrainedConfig config)
    {
        var max = config.GetInt("max_relative_positions", -1);
        var kinds = config.IsText("pos_att_type") ? Words(config.GetString("pos_att_type")) : config.GetTexts("pos_att_type") ?? [];
        return new DebertaV2Distances(
            Exist: config.GetBool("relative_attention", false),
            Buckets: config.GetInt("position_buckets", -1),
            Max: max < 1 ? config.GetSize("max_position_embeddings") : max,
            AreNormed: Words(config.GetString("norm_rel_ebd", "none")).Contains("layer_norm"),
            FromQueries: kinds.Contains("c2p"),
            FromKeys: kinds.Contains("p2c"),
            ShareMaps: config.GetBool("share_att_key", false));
    }

    private static string[] Words(string list) => list.ToLowerInvariant().Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

internal sealed class DebertaV2Embeddings : Layer
{
    private readonly Embedding? _positions, _tokenTypes;
    private readonly Linear? _projection;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public DebertaV2Embeddings(PretrainedConfig config, PostNormSettings settings)
    {
        var (size, types) = (config.Has("embedding_size") ? config.GetSize("embedding_size") : settings.Size, config.GetInt("type_vocab_size", 0));
        Words = this.Register("word_embeddings", new TokenEmbedding(config.GetSize("vocab_size"), size, config.GetIntOrNull("pad_token_id", 0)));
        _positions = config.GetBool("position_biased_input", true) ? this.Register("position_embeddings", new Embedding(config.GetSize("max_position_embeddings"), size)) : null;
        _tokenTypes = types > 0 ? this.Register("token_type_embeddings", new Embedding(types, size)) : null;
        _projection = size == settings.Size ? null : this.Register("embed_proj", new Linear(size, settings.Size, bias: false));
        _norm = this.Register("LayerNorm", new LayerNorm(settings.Size, settings.Epsilon));
        _dropout = this.Register("dropout", new Dropout(settings.Dropout));
    }

    public TokenEmbedding Words { get; }

    /// <summary>The ranges of the tensors that are read beside token ids.</summary>
    public IReadOnlyList<InputRange> InputRanges =>
        [.. new[] { ("token_type_ids", _tokenTypes), ("position_ids", _positions) }.Where(table => table.Item2 is not null).Select(table => new InputRange(table.Item1, table.Item2!.Weight.Rows))];

    public long? MaxLength => _positions?.Weight.Rows;

    public Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var ids = layout.Arrange(batch.Get("input_ids"));
        var sum = Words.Forward(ids, layout);
        if (_positions is not null)
            sum = sum + _positions.Forward(layout.Positions);
        if (_tokenTypes is not null)
            sum = sum + _tokenTypes.Forward(batch.Find("token_type_ids") is { } types ? layout.Arrange(types) : zeros_like(ids));
        var normed = _norm.Forward(_projection?.Forward(sum) ?? sum);
        return _dropout.Forward(layout.ClearPadding(normed)).MoveToOuterDisposeScope();
    }
}

internal sealed class DebertaV2Layer : PostNormLayer
{
    private static readonly PostNormNames _names = new() { Query = "attention.self.query_proj", Key = "attention.self.key_proj", Value = "attention.self.value_proj" };

    private readonly DisentangledBias? _bias;

    public DebertaV2Layer(PostNormSettings settings, DebertaV2Distances distances, DistanceTable? table) : base(settings, _names)
    {
        if (table is null)
            return;
        Linear? Map(bool exists, Linear shared, string own) =>
            !exists ? null : distances.ShareMaps ? shared : this.Register($"attention.self.{own}", new Linear(settings.Size, settings.Heads * settings.HeadSize));
        var (key, query) = (Map(distances.FromQueries, Key, "pos_key_proj"), Map(distances.FromKeys, Query, "pos_query_proj"));
        _bias = this.Register("distances", new DisentangledBias(table, key, query, settings.Heads, settings.Scale!.Value, settings.Dropout));
    }

    // Padding attends to all tokens alike, and no gradient passes through its attention weights: its queries are 0.
    protected override (Tensor Query, Tensor? Bias) Relate(Tensor query, Tensor key, TokenLayout layout)
    {
        var bias = _bias?.Forward(query, key, layout);
        if (layout.KeyMask is not { } mask)
            return (query, bias);
        bias ??= zeros([1, 1, layout.QueryLength, layout.KeyLength], query.dtype, query.device);
        return (layout.ClearPadding(query), bias.masked_fill(mask.logical_not().transpose(2, 3), Attention.Lowest(bias.dtype)));
    }
}

/// <summary>A convolution over the embeddings whose output is added to the first layer's.</summary>
internal sealed class DebertaV2Convolution : Layer
{
    private readonly Convolution _convolution;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;
    private readonly Activation _activation;

    public DebertaV2Convolution(PretrainedConfig config, PostNormSettings settings)
    {
        var (kernel, groups) = (config.GetSize("conv_kernel_size"), config.GetInt("conv_groups", 1));
        if (groups < 1 || settings.Size % groups != 0)
            throw config.Error("conv_groups", $"is {groups}", $"a divisor of hidden_size {settings.Size}");
        _convolution = this.Register("conv", kernel % 2 == 1 ? new Convolution(settings.Size, kernel, groups) : throw config.Error("conv_kernel_size", $"is {kernel}", "an odd number"));
        _norm = this.Register("LayerNorm", new LayerNorm(settings.Size, settings.Epsilon));
        _dropout = this.Register("dropout", new Dropout(settings.Dropout));
        _activation = Activation.FromConfig(config, "conv_act", "tanh").In(this, "activation");
    }

    public Tensor Forward(Tensor embedded, Tensor first, TokenLayout layout)
    {
        if (layout.HoldsSeveralTexts)
            throw new NotSupportedException("The batch holds several texts in one row (DataCollatorWithFlattening), and the model's convolution (conv_kernel_size) reads tokens of neighbouring texts. Use a collator that pads.");
        using var scope = NewDisposeScope();
        var neighbours = layout.ClearPadding(layout.FromPadded(_convolution.Forward(layout.ToPadded(embedded))));
        return layout.ClearPadding(_norm.Forward(first + _activation.Forward(_dropout.Forward(neighbours)))).MoveToOuterDisposeScope();
    }
}
