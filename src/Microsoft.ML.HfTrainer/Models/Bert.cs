using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>BERT (Devlin et al. 2018, arXiv:1810.04805): post-norm encoder with learned positions and token types.</summary>
internal sealed class BertModel : Layer
{
    private readonly BertEmbeddings _embeddings;
    private readonly BertLayer[] _layers;
    private readonly Linear? _pooler;

    public BertModel(PretrainedConfig config, AttentionImplementation attention, bool pooler)
    {
        var size = config.GetSize("hidden_size");
        _embeddings = this.Register("embeddings", new BertEmbeddings(config, size));
        _layers = [.. Enumerable.Range(0, config.GetSize("num_hidden_layers")).Select(i => this.Register($"encoder.layer.{i}", new BertLayer(config, size, attention)))];
        _pooler = pooler ? this.Register("pooler.dense", new Linear(size, size)) : null;
    }

    /// <summary>Hidden states in the layout given.</summary>
    public Tensor Forward(Batch batch, TokenLayout layout)
    {
        var hidden = _embeddings.Forward(batch, layout);
        foreach (var layer in _layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        return hidden;
    }

    /// <summary>The first token's hidden state through a dense layer and tanh, <c>[batch, size]</c>.</summary>
    public Tensor Pool(Tensor hidden, TokenLayout layout) => _pooler!.Forward(layout.First(hidden)).tanh();
}

internal sealed class BertEmbeddings : Layer
{
    private readonly TokenEmbedding _words;
    private readonly Embedding _positions, _tokenTypes;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertEmbeddings(PretrainedConfig config, int size)
    {
        _words = this.Register("word_embeddings", new TokenEmbedding(config.GetSize("vocab_size"), size, config.GetInt("pad_token_id", 0)));
        _positions = this.Register("position_embeddings", new Embedding(config.GetSize("max_position_embeddings"), size));
        _tokenTypes = this.Register("token_type_embeddings", new Embedding(config.GetInt("type_vocab_size", 2), size));
        _norm = this.Register("LayerNorm", new LayerNorm(size, config.GetDouble("layer_norm_eps", 1e-12)));
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("hidden_dropout_prob", 0.1)));
    }

    public Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var ids = layout.Arrange(batch.Get("input_ids"));
        var tokenTypes = batch.Find("token_type_ids") is { } types ? layout.Arrange(types) : zeros_like(ids);
        var sum = _words.Forward(ids, layout) + _tokenTypes.Forward(tokenTypes) + _positions.Forward(layout.Positions);
        return _dropout.Forward(_norm.Forward(sum)).MoveToOuterDisposeScope();
    }
}

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
        _attention = this.Register("attention.self.weights", new Attention(Heads(config, size), config.GetProbability("attention_probs_dropout_prob", 0.1), attention));
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

    private static int Heads(PretrainedConfig config, int size) =>
        config.GetSize("num_attention_heads") is var heads && size % heads == 0
            ? heads
            : throw config.Error("num_attention_heads", $"is {heads}, which does not divide hidden_size {size}", "a divisor of it");
}

/// <summary>BERT with a classifier over the pooled first token.</summary>
internal sealed class BertForSequenceClassification : PretrainedModel
{
    public static readonly Architecture Registration = new("bert", basePrefix: "bert")
    {
        [ModelHead.SequenceClassification] = (config, attention) => new BertForSequenceClassification(config, attention),
    };

    private readonly BertModel _bert;
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    private BertForSequenceClassification(PretrainedConfig config, AttentionImplementation attention) : base(config, Registration)
    {
        _bert = this.Register("bert", new BertModel(config, attention, pooler: true));
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("classifier_dropout", config.GetProbability("hidden_dropout_prob", 0.1))));
        _classifier = this.Register("classifier", new Linear(config.GetSize("hidden_size"), config.Labels.Count));
    }

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "token_type_ids"];

    public override ModelOutput forward(Batch batch)
    {
        using var scope = NewDisposeScope();
        var layout = TokenLayout.Of(batch);
        var logits = _classifier.Forward(_dropout.Forward(_bert.Pool(_bert.Forward(batch, layout), layout)));
        return SequenceClassificationLoss.Output(Config, logits, batch).MoveToOuterDisposeScope();
    }
}
