using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// ALBERT (Lan et al. 2019, arXiv:1909.11942): BERT with embeddings smaller than the hidden size and with layers that share their weights: a group of layers is run
/// several times.
/// </summary>
internal static class Albert
{
    public const string DefaultActivation = "gelu_new";

    public static readonly Architecture Registration = new Architecture("albert", basePrefix: "albert") 
    {
        ClassName = "Albert",
        Defaults = """
            {
              "vocab_size": 30000, "embedding_size": 128, "hidden_size": 4096, "intermediate_size": 16384, "num_hidden_layers": 12, "num_attention_heads": 64,
              "max_position_embeddings": 512
            }
            """,
    }
        .With(ModelHead.Base, Body, _ => new BaseHead())
        .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.Pooler, LinearClassifier(config)))
        .With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(LinearClassifier(config)))
        .With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear)
        .With(ModelHead.MultipleChoice, Body, config => new MultipleChoiceHead(TextPooling.Pooler, LinearClassifier(config)))
        .With(ModelHead.MaskedLM, Body, config => new MaskedLanguageModelHead(new MaskedLanguageModelShape
        {
            Dense = "predictions.dense",
            Activation = Activation.FromConfig(config, "hidden_act", Albert.DefaultActivation),
            ActivationName = "predictions.activation",
            Norm = "predictions.LayerNorm",
            Epsilon = config.GetDouble("layer_norm_eps", 1e-12),
            Decoder = "predictions",
            DecoderMatrix = "decoder",
        }));

    private static ClassifierShape LinearClassifier(PretrainedConfig config) => new() { Dropout = config.GetProbability("classifier_dropout_prob", 0.1) };

    private static AlbertModel Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention, pooled);
}

internal sealed class AlbertModel : ModelBody
{
    private static readonly PostNormNames _names = new()
    {
        Query = "attention.query",
        Key = "attention.key",
        Value = "attention.value",
        Attended = "attention.dense",
        AttentionNorm = "attention.LayerNorm",
        Inner = "ffn",
        Activation = "activation",
        Output = "ffn_output",
        OutputNorm = "full_layer_layer_norm",
    };

    private readonly BertEmbeddings _embeddings;
    private readonly Linear? _pooler;
    private readonly Linear _widening;
    private readonly PostNormLayer[] _layers;

    public AlbertModel(PretrainedConfig config, AttentionImplementation attention, bool pooled)
    {
        var settings = PostNormSettings.Read(config, attention, dropout: 0, activation: Albert.DefaultActivation) with { DropsOutput = false };
        var (embedded, depth, groups) = (config.GetSize("embedding_size"), config.GetSize("num_hidden_layers"), config.GetInt("num_hidden_groups", 1));
        if (groups < 1 || groups > depth)
            throw config.Error("num_hidden_groups", $"is {groups}", $"from 1 to num_hidden_layers {depth}");
        Size = settings.Size;
        _embeddings = this.Register("embeddings", new BertEmbeddings(config, embedded, dropout: 0));
        _widening = this.Register("encoder.embedding_hidden_mapping_in", new Linear(embedded, Size));
        var layers = Enumerable.Range(0, groups).Select(group => Group(group, config.GetInt("inner_group_num", 1), settings)).ToList();
        _layers = [.. Enumerable.Range(0, depth).SelectMany(i => layers[(int)(i / ((double)depth / groups))])];
        _pooler = pooled ? this.Register("pooler", new Linear(Size, Size)) : null;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _embeddings.Words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, .. _embeddings.InputRanges.Select(range => range.Name)];

    public override IReadOnlyList<InputRange> InputRanges => [.. base.InputRanges, .. _embeddings.InputRanges];

    public override long? MaxLength => _embeddings.Positions.MaxLength;

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        using var embedded = _embeddings.Forward(batch, layout);
        return TransformerLayer.RunAll(_layers, _widening.Forward(embedded), layout);
    }

    /// <summary>Returns the first token's hidden state after a dense layer and tanh.</summary>
    public override Tensor? Pool(Tensor hidden, TokenLayout layout) => _pooler?.Forward(layout.First(hidden)).tanh();

    private PostNormLayer[] Group(int group, int layers, PostNormSettings settings) =>
        [.. Enumerable.Range(0, layers).Select(i => this.Register($"encoder.albert_layer_groups.{group}.albert_layers.{i}", new PostNormLayer(settings, _names)))];
}
