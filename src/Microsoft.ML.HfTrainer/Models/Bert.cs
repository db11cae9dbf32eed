using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>BERT (Devlin et al. 2018, arXiv:1810.04805): post-norm encoder with learned positions and token types.</summary>
internal static class Bert
{
    public static readonly Architecture Registration = new Architecture("bert", basePrefix: "bert") { ClassName = "Bert" }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.Pooler, Linear(config)))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(Linear(config)))
        .With(ModelHead.QuestionAnswering, Body, _ => new QuestionAnsweringHead(new ClassifierShape { Output = "qa_outputs" }))
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(TextPooling.Pooler, Linear(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(new MaskedLanguageModelShape
        {
            Dense = "cls.predictions.transform.dense",
            Activation = Activations.Get(config, "hidden_act", "gelu"),
            Norm = "cls.predictions.transform.LayerNorm",
            Epsilon = config.GetDouble("layer_norm_eps", 1e-12),
            Decoder = "cls.predictions",
            DecoderMatrix = "decoder",
        }));

    /// <summary>The dropout before a classifier.</summary>
    public static double ClassifierDropout(PretrainedConfig config) => config.GetProbability("classifier_dropout", config.GetProbability("hidden_dropout_prob", 0.1));

    private static ClassifierShape Linear(PretrainedConfig config) => new() { Dropout = ClassifierDropout(config) };

    private static BertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention, pooled);
}

/// <summary>The encoder of BERT and of those that differ from it in their embeddings.</summary>
internal sealed class BertModel : ModelBody
{
    private readonly BertEmbeddings _embeddings;
    private readonly Linear? _projection, _pooler;
    private readonly BertLayer[] _layers;

    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="pooled">Whether there is a pooler.</param>
    /// <param name="embeddingSize">The size of embeddings, which a dense layer brings to that of hidden states; null: they have that size.</param>
    /// <param name="positions">How positions are counted.</param>
    public BertModel(PretrainedConfig config, AttentionImplementation attention, bool pooled, int? embeddingSize = null, TokenPositions positions = TokenPositions.FromStart)
    {
        var size = config.GetSize("hidden_size");
        var embedded = embeddingSize ?? size;
        _embeddings = this.Register("embeddings", new BertEmbeddings(config, embedded, positions));
        _projection = embedded == size ? null : this.Register("embeddings_project", new Linear(embedded, size));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"encoder.layer.{i}", new BertLayer(config, size, attention)))];
        _pooler = pooled ? this.Register("pooler.dense", new Linear(size, size)) : null;
        Size = size;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _embeddings.Words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "token_type_ids"];

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var hidden = _embeddings.Forward(batch, layout);
        if (_projection is not null)
        {
            using var embedded = hidden;
            hidden = _projection.Forward(embedded);
        }
        foreach (var layer in _layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        return hidden;
    }

    /// <summary>The first token's hidden state through a dense layer and tanh.</summary>
    public override Tensor? Pool(Tensor hidden, TokenLayout layout) => _pooler?.Forward(layout.First(hidden)).tanh();
}

/// <summary>The sum of word, token type and position, normalised.</summary>
internal sealed class BertEmbeddings : Layer
{
    private readonly Embedding _tokenTypes;
    private readonly PositionEmbedding _positions;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertEmbeddings(PretrainedConfig config, int size, TokenPositions positions)
    {
        Words = this.Register("word_embeddings", new TokenEmbedding(config.GetSize("vocab_size"), size, PositionEmbedding.PaddingOf(config, positions)));
        _positions = this.Register("position_embeddings", new PositionEmbedding(config, size, positions));
        _tokenTypes = this.Register("token_type_embeddings", new Embedding(config.GetInt("type_vocab_size", 2), size));
        _norm = this.Register("LayerNorm", new LayerNorm(size, config.GetDouble("layer_norm_eps", 1e-12)));
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("hidden_dropout_prob", 0.1)));
    }

    public TokenEmbedding Words { get; }

    public Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var ids = layout.Arrange(batch.Get("input_ids"));
        var tokenTypes = batch.Find("token_type_ids") is { } types ? layout.Arrange(types) : zeros_like(ids);
        var sum = Words.Forward(ids, layout) + _tokenTypes.Forward(tokenTypes) + _positions.Forward(batch, layout);
        return _dropout.Forward(_norm.Forward(sum)).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention over the text and a feed-forward network, each added to its input and then normalised.</summary>
internal sealed class BertLayer : EncoderLayer
{
    private readonly Linear _query, _key, _value, _attentionOutput, _intermediate, _output;
    private readonly Attention _attention;
    private readonly LayerNorm _attentionNorm, _outputNorm;
    private readonly Dropout _dropout;
    private readonly Func<Tensor, Tensor> _activation;

    public BertLayer(PretrainedConfig config, int size, AttentionImplementation attention)
    {
        var (inner, epsilon) = (config.GetSize("intermediate_size"), config.GetDouble("layer_norm_eps", 1e-12));
        _query = this.Register("attention.self.query", new Linear(size, size));
        _key = this.Register("attention.self.key", new Linear(size, size));
        _value = this.Register("attention.self.value", new Linear(size, size));
        _attention = this.Register("attention.self.weights", new Attention(config.GetHeads("num_attention_heads", "hidden_size"), config.GetProbability("attention_probs_dropout_prob", 0.1), attention));
        _attentionOutput = this.Register("attention.output.dense", new Linear(size, size));
        _attentionNorm = this.Register("attention.output.LayerNorm", new LayerNorm(size, epsilon));
        _intermediate = this.Register("intermediate.dense", new Linear(size, inner));
        _activation = Activations.Get(config, "hidden_act", "gelu");
        _output = this.Register("output.dense", new Linear(inner, size));
        _outputNorm = this.Register("output.LayerNorm", new LayerNorm(size, epsilon));
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("hidden_dropout_prob", 0.1)));
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var context = _attention.Forward(_query.Forward(hidden), _key.Forward(hidden), _value.Forward(hidden), layout);
        var attended = _attentionNorm.Forward(_dropout.Forward(_attentionOutput.Forward(context)) + hidden);
        var fed = _output.Forward(_activation(_intermediate.Forward(attended)));
        return _outputNorm.Forward(_dropout.Forward(fed) + attended).MoveToOuterDisposeScope();
    }
}
