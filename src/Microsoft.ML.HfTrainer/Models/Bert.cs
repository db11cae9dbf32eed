using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>BERT (Devlin et al. 2018, arXiv:1810.04805): post-norm encoder with learned positions and token types.</summary>
internal static class Bert
{
    /// <summary>The default sizes of BERT's configuration, but for that of the vocabulary.</summary>
    public const string Sizes = """
        "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12, "max_position_embeddings": 512
        """;

    public static readonly Architecture Registration = new Architecture("bert", basePrefix: "bert") { ClassName = "Bert", Defaults = $$"""{ "vocab_size": 30522, {{Sizes}} }""" }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.Pooler, LinearClassifier(config)))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(LinearClassifier(config)))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear)
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(TextPooling.Pooler, LinearClassifier(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(Predictions(config)))
        .With(ModelHead.CausalLM, Body, config => new MaskedLanguageModelHead(Predictions(config) with { PredictsNext = true }), "BertLMHeadModel");

    /// <summary>Returns the dropout probability before a classifier.</summary>
    public static double ClassifierDropout(PretrainedConfig config) => config.GetProbability("classifier_dropout", config.GetProbability("hidden_dropout_prob", 0.1));

    private static MaskedLanguageModelShape Predictions(PretrainedConfig config) => new()
    {
        Dense = "cls.predictions.transform.dense",
        Activation = Activation.FromConfig(config, "hidden_act", "gelu"),
        ActivationName = "cls.predictions.transform.transform_act_fn",
        Norm = "cls.predictions.transform.LayerNorm",
        Epsilon = config.GetDouble("layer_norm_eps", 1e-12),
        Decoder = "cls.predictions",
        DecoderMatrix = "decoder",
    };

    private static ClassifierShape LinearClassifier(PretrainedConfig config) => new() { Dropout = ClassifierDropout(config) };

    private static BertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention, pooled);
}

/// <summary>The encoder of BERT and of architectures that differ from it only in their embeddings.</summary>
internal sealed class BertModel : ModelBody
{
    private readonly BertEmbeddings _embeddings;
    private readonly Linear? _projection, _pooler;
    private readonly PostNormLayer[] _layers;

    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="pooled">true if there is a pooler.</param>
    /// <param name="embeddingSize">The size of embeddings, which a dense layer maps to the hidden size. If null, it is the hidden size.</param>
    /// <param name="positions">How positions are counted.</param>
    public BertModel(PretrainedConfig config, AttentionImplementation attention, bool pooled, int? embeddingSize = null, TokenPositions positions = TokenPositions.FromStart)
    {
        var size = config.GetSize("hidden_size");
        var embedded = embeddingSize ?? size;
        // First, so that a size beyond all memory is reported under the name of its own field.
        _embeddings = this.Register("embeddings", new BertEmbeddings(config, embedded, positions));
        var settings = PostNormSettings.Read(config, attention) with { Causal = config.GetBool("is_decoder", false) };
        _projection = embedded == size ? null : this.Register("embeddings_project", new Linear(embedded, size));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"encoder.layer.{i}", new PostNormLayer(settings, new PostNormNames())))];
        _pooler = pooled ? this.Register("pooler.dense", new Linear(size, size)) : null;
        Size = size;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _embeddings.Words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, .. _embeddings.InputRanges.Select(range => range.Name)];

    public override IReadOnlyList<InputRange> InputRanges => [.. base.InputRanges, .. _embeddings.InputRanges];

    public override long? MaxLength => _embeddings.Positions.MaxLength;

    internal override bool PaddingTakesPositions => _embeddings.Positions.PaddingIndex is null;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var hidden = _embeddings.Forward(batch, layout);
        if (_projection is not null)
        {
            using var embedded = hidden;
            hidden = _projection.Forward(embedded);
        }
        return TransformerLayer.RunAll(_layers, hidden, layout);
    }

    /// <summary>Returns the first token's hidden state after a dense layer and tanh.</summary>
    public override Tensor? Pool(Tensor hidden, TokenLayout layout) => _pooler?.Forward(layout.First(hidden)).tanh();
}

/// <summary>The normalized sum of word, token-type and position embeddings.</summary>
internal sealed class BertEmbeddings : Layer
{
    private readonly Embedding? _tokenTypes;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    /// <param name="config">The configuration.</param>
    /// <param name="size">The size of vectors.</param>
    /// <param name="positions">How positions are counted.</param>
    /// <param name="hasTypes">true if there are token types.</param>
    /// <param name="dropout">The dropout probability if the configuration has none.</param>
    public BertEmbeddings(PretrainedConfig config, int size, TokenPositions positions = TokenPositions.FromStart, bool hasTypes = true, double dropout = 0.1)
    {
        Words = this.Register("word_embeddings", new TokenEmbedding(config.GetSize("vocab_size"), size, PositionEmbedding.PaddingOf(config, positions)));
        Positions = this.Register("position_embeddings", new PositionEmbedding(config, size, positions));
        _tokenTypes = !hasTypes ? null : this.Register("token_type_embeddings", new Embedding(config.GetInt("type_vocab_size", 2), size));
        _norm = this.Register("LayerNorm", new LayerNorm(size, config.GetDouble("layer_norm_eps", 1e-12)));
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("hidden_dropout_prob", dropout)));
    }

    public TokenEmbedding Words { get; }

    public PositionEmbedding Positions { get; }

    /// <summary>The ranges of the tensors that are read beside token ids.</summary>
    public IReadOnlyList<InputRange> InputRanges =>
        _tokenTypes is null ? [new("position_ids", Positions.Weight.Rows)] : [new("token_type_ids", _tokenTypes.Weight.Rows), new("position_ids", Positions.Weight.Rows)];

    public Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var ids = layout.Arrange(batch.Get("input_ids"));
        var sum = Words.Forward(ids, layout);
        if (_tokenTypes is not null)
            sum = sum + _tokenTypes.Forward(batch.Find("token_type_ids") is { } types ? layout.Arrange(types) : zeros_like(ids));
        sum = sum + Positions.Forward(batch, layout);
        return _dropout.Forward(_norm.Forward(sum)).MoveToOuterDisposeScope();
    }
}
