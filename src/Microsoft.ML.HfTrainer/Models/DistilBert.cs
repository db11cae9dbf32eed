using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>DistilBERT (Sanh et al. 2019, arXiv:1910.01108): BERT's encoder with half the layers, without token types and pooler.</summary>
internal static class DistilBert
{
    public static readonly Architecture Registration = new Architecture("distilbert", basePrefix: "distilbert") { ClassName = "DistilBert" }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.FirstToken, DenseClassifier(config)))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new ClassifierShape { Dropout = config.GetProbability("dropout", 0.1) }))
        .With(ModelHead.QuestionAnswering, Body, config => new QuestionAnsweringHead(new ClassifierShape { Output = "qa_outputs", Dropout = config.GetProbability("qa_dropout", 0.1) }))
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(TextPooling.FirstToken, DenseClassifier(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(new MaskedLanguageModelShape
        {
            Dense = "vocab_transform",
            Activation = Activations.Get(config, "activation", "gelu"),
            Norm = "vocab_layer_norm",
            Epsilon = DistilBertLayer.Epsilon,
            Decoder = "vocab_projector",
        }));

    // What is given to the dense layer is not dropped.
    private static ClassifierShape DenseClassifier(PretrainedConfig config) => new()
    {
        Dense = "pre_classifier",
        Activation = x => nn.functional.relu(x),
        Dropout = config.GetProbability("seq_classif_dropout", 0.2),
    };

    private static DistilBertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

internal sealed class DistilBertModel : ModelBody
{
    private readonly TokenEmbedding _words;
    private readonly Embedding _positions;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;
    private readonly DistilBertLayer[] _layers;

    public DistilBertModel(PretrainedConfig config, AttentionImplementation attention)
    {
        var size = config.GetSize("dim");
        _words = this.Register("embeddings.word_embeddings", new TokenEmbedding(config.GetSize("vocab_size"), size, config.GetInt("pad_token_id", 0)));
        _positions = this.Register("embeddings.position_embeddings", new Embedding(config.GetSize("max_position_embeddings"), size));
        _norm = this.Register("embeddings.LayerNorm", new LayerNorm(size, DistilBertLayer.Epsilon));
        _dropout = this.Register("embeddings.dropout", new Dropout(config.GetProbability("dropout", 0.1)));
        _layers = [.. Enumerable.Range(0, config.GetSize("n_layers")).Select(i => this.Register($"transformer.layer.{i}", new DistilBertLayer(config, size, attention)))];
        Size = size;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var words = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        var hidden = _dropout.Forward(_norm.Forward(words + _positions.Forward(layout.Positions)));
        foreach (var layer in _layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        return hidden;
    }
}

internal sealed class DistilBertLayer : EncoderLayer
{
    public const double Epsilon = 1e-12;

    private readonly Linear _query, _key, _value, _attentionOutput, _intermediate, _output;
    private readonly Attention _attention;
    private readonly LayerNorm _attentionNorm, _outputNorm;
    private readonly Dropout _dropout;
    private readonly Func<Tensor, Tensor> _activation;

    public DistilBertLayer(PretrainedConfig config, int size, AttentionImplementation attention)
    {
        var (inner, heads) = (config.GetSize("hidden_dim"), config.GetHeads("n_heads", "dim"));
        _query = this.Register("attention.q_lin", new Linear(size, size));
        _key = this.Register("attention.k_lin", new Linear(size, size));
        _value = this.Register("attention.v_lin", new Linear(size, size));
        _attentionOutput = this.Register("attention.out_lin", new Linear(size, size));
        _attention = this.Register("attention.weights", new Attention(heads, config.GetProbability("attention_dropout", 0.1), attention));
        _attentionNorm = this.Register("sa_layer_norm", new LayerNorm(size, Epsilon));
        _intermediate = this.Register("ffn.lin1", new Linear(size, inner));
        _activation = Activations.Get(config, "activation", "gelu");
        _output = this.Register("ffn.lin2", new Linear(inner, size));
        _dropout = this.Register("ffn.dropout", new Dropout(config.GetProbability("dropout", 0.1)));
        _outputNorm = this.Register("output_layer_norm", new LayerNorm(size, Epsilon));
    }

    // Attention's output is not dropped here, unlike BERT's.
    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var context = _attention.Forward(_query.Forward(hidden), _key.Forward(hidden), _value.Forward(hidden), layout);
        var attended = _attentionNorm.Forward(_attentionOutput.Forward(context) + hidden);
        var fed = _dropout.Forward(_output.Forward(_activation(_intermediate.Forward(attended))));
        return _outputNorm.Forward(fed + attended).MoveToOuterDisposeScope();
    }
}
