using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// The body of decoders that descend from Llama (Touvron et al. 2023, arXiv:2302.13971): embeddings, layers with rotary attention and gated feed-forward
/// behind RMS norms, and a last norm. Each architecture says in its own file what its <see cref="DecoderShape"/> is.
/// </summary>
internal sealed class Decoder : ModelBody
{
    private static readonly ClassifierShape _textClassifier = new() { Output = "score", Bias = false };

    private readonly TokenEmbedding _words;
    private readonly DecoderLayer[] _layers;
    private readonly RmsNorm _norm;

    private Decoder(DecoderShape shape)
    {
        var vocabulary = shape.Config.GetSize("vocab_size");
        Size = shape.Size;
        _words = this.Register("embed_tokens", new TokenEmbedding(vocabulary, Size, Padding(shape.Config, vocabulary)) { Scale = shape.EmbeddingScale });
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(i => this.Register($"layers.{i}", new DecoderLayer(shape, i)))];
        _norm = this.Register("norm", shape.Norm(shape.Size));
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override IReadOnlyCollection<string> InputNames => [.. base.InputNames, "position_ids"];

    public override Tensor Forward(Batch batch, TokenLayout layout)
    {
        var hidden = _words.Forward(layout.Arrange(batch.Get("input_ids")), layout);
        foreach (var layer in _layers)
        {
            using var previous = hidden;
            hidden = layer.Run(previous, layout);
        }
        using var last = hidden;
        return _norm.Forward(last);
    }

    /// <summary>An architecture of that body.</summary>
    /// <param name="modelType">The <c>model_type</c> of <c>config.json</c>.</param>
    /// <param name="className">What the names of the original's classes begin with.</param>
    /// <param name="shape">The shape that a configuration gives.</param>
    /// <param name="tied">Whether the scores of a language model are products with the input embeddings where the configuration does not say it.</param>
    /// <param name="logitCap">What the scores of a language model cannot pass where the configuration does not say it; null: they are left.</param>
    /// <param name="causalClass">The original's class of a language model, where its name does not follow from <paramref name="className"/>.</param>
    /// <param name="classifiesTokens">Whether there is a head that classifies tokens.</param>
    /// <param name="answersUnder">The name under which a model that answers questions holds its body; null: there is no such head.</param>
    public static Architecture Make(
        string modelType, string className, Func<PretrainedConfig, AttentionImplementation, DecoderShape> shape, bool tied = false, double? logitCap = null, string? causalClass = null,
        bool classifiesTokens = true, string? answersUnder = null)
    {
        ModelBody Body(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new Decoder(shape(config, attention));
        var architecture = new Architecture(modelType, basePrefix: "model") { ClassName = className }
            .With(ModelHead.Base, Body, _ => new BaseHead())
            .With(ModelHead.CausalLM, Body, config => new CausalLanguageModelHead(tied, config.GetDoubleOrNull("final_logit_softcapping", logitCap)), causalClass)
            .With(ModelHead.SequenceClassification, Body, config => new SequenceClassificationHead(TextPooling.LastToken(config), _textClassifier));
        if (classifiesTokens)
            architecture.With(ModelHead.TokenClassification, Body, config => new TokenClassificationHead(_textClassifier with { Bias = true, Dropout = ClassifierDropout(config) }));
        if (answersUnder is not null)
            architecture.With(ModelHead.QuestionAnswering, Body, QuestionAnsweringHead.Linear, prefix: answersUnder);
        return architecture;
    }

    private static double ClassifierDropout(PretrainedConfig config) => config.GetProbability("classifier_dropout", config.GetProbability("hidden_dropout", 0.1));

    // Old files count it from the end.
    private static int? Padding(PretrainedConfig config, int vocabulary) => config.GetIntOrNull("pad_token_id") switch
    {
        null => null,
        var id when id >= -vocabulary && id < vocabulary => id < 0 ? vocabulary + id : id,
        var id => throw config.Error("pad_token_id", $"is {id}", $"below vocab_size {vocabulary}, or null"),
    };
}
