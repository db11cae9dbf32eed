using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>DistilBERT (Sanh et al. 2019, arXiv:1910.01108): BERT's encoder with half the layers, without token types and pooler.</summary>
internal static class DistilBert
{
    public const double Epsilon = 1e-12;

    public static readonly Architecture Registration = new Architecture("distilbert", basePrefix: "distilbert") 
    {
        ClassName = "DistilBert",
        OwnNames = new Dictionary<string, string> { ["hidden_size"] = "dim", ["num_attention_heads"] = "n_heads", ["num_hidden_layers"] = "n_layers" },
        Defaults = """{ "vocab_size": 30522, "dim": 768, "hidden_dim": 3072, "n_layers": 6, "n_heads": 12, "max_position_embeddings": 512 }""",
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.FirstToken, DenseClassifier(config)))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(new ClassifierShape { Dropout = config.GetProbability("dropout", 0.1) }))
        .With(ModelHead.QuestionAnswering, Body, config => new QuestionAnsweringHead(new ClassifierShape { Output = "qa_outputs", Dropout = config.GetProbability("qa_dropout", 0.1) }))
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(TextPooling.FirstToken, DenseClassifier(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(new MaskedLanguageModelShape
        {
            Dense = "vocab_transform",
            Activation = Activation.FromConfig(config, "activation", "gelu"),
            Norm = "vocab_layer_norm",
            Epsilon = Epsilon,
            Decoder = "vocab_projector",
        }));

    // There is no dropout before the dense layer.
    private static ClassifierShape DenseClassifier(PretrainedConfig config) => new()
    {
        Dense = "pre_classifier",
        Activation = Activation.Relu,
        Dropout = config.GetProbability("seq_classif_dropout", 0.2),
    };

    private static DistilBertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention);
}

internal sealed class DistilBertModel : ModelBody
{
    private static readonly PostNormNames _names = new()
    {
        Query = "attention.q_lin",
        Key = "attention.k_lin",
        Value = "attention.v_lin",
        Attended = "attention.out_lin",
        AttentionNorm = "sa_layer_norm",
        Inner = "ffn.lin1",
        Activation = "ffn.activation",
        Output = "ffn.lin2",
        OutputNorm = "output_layer_norm",
    };

    private readonly TokenEmbedding _words;
    private readonly Embedding _positions;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;
    private readonly PostNormLayer[] _layers;

    public DistilBertModel(PretrainedConfig config, AttentionImplementation attention)
    {
        var settings = Settings(config, attention);
        var size = settings.Size;
        _words = this.Register("embeddings.word_embeddings", new TokenEmbedding(config.GetSize("vocab_size"), size, config.GetIntOrNull("pad_token_id", 0)));
        _positions = this.Register("embeddings.position_embeddings", new Embedding(config.GetSize("max_position_embeddings"), size));
        _norm = this.Register("embeddings.LayerNorm", new LayerNorm(size, DistilBert.Epsilon));
        _dropout = this.Register("embeddings.dropout", new Dropout(settings.Dropout));
        _layers = [.. Enumerable.Range(0, config.GetSize("n_layers")).Select(i => this.Register($"transformer.layer.{i}", new PostNormLayer(settings, _names)))];
        Size = size;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    public override IReadOnlyList<InputRange> InputRanges => [.. base.InputRanges, new("position_ids", _positions.Weight.Rows)];

    public override long? MaxLength => _positions.Weight.Rows;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var words = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        var hidden = _dropout.Forward(_norm.Forward(words + _positions.Forward(layout.Positions)));
        return TransformerLayer.RunAll(_layers, hidden, layout);
    }

    private static PostNormSettings Settings(PretrainedConfig config, AttentionImplementation attention)
    {
        var (size, heads) = (config.GetSize("dim"), config.GetHeads("n_heads", "dim"));
        return new PostNormSettings
        {
            Size = size,
            Inner = config.GetSize("hidden_dim"),
            Heads = heads,
            HeadSize = size / heads,
            Epsilon = DistilBert.Epsilon,
            Dropout = config.GetProbability("dropout", 0.1),
            AttentionDropout = config.GetProbability("attention_dropout", 0.1),
            // Unlike BERT's.
            DropsAttended = false,
            Activation = Activation.FromConfig(config, "activation", "gelu"),
            Attention = attention,
        };
    }
}
