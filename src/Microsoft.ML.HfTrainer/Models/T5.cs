using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>
/// T5 (Raffel et al. 2019, arXiv:1910.10683): a pre-norm encoder-decoder without biases, whose attention scores are not scaled and which knows positions by a
/// relative position bias alone. Version 1.1, the base of Flan-T5, has gated feed-forward blocks and an untied head.
/// </summary>
internal static class T5
{
    // The prefix of the body in models with some of the heads; the others have none.
    private const string Whole = "transformer";

    // The head of the first version is tied, and made for scaled hidden states; later checkpoints say that theirs are not scaled.
    public static readonly Architecture Registration = Make("t5", "T5", config => config.GetBool("scale_decoder_outputs", config.GetBool("tie_word_embeddings", true)), """
        { "vocab_size": 32128, "d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6, "num_heads": 8, "pad_token_id": 0, "eos_token_id": 1 }
        """);

    /// <summary>Creates an architecture that is built as T5 is.</summary>
    /// <param name="modelType">The <c>model_type</c>.</param>
    /// <param name="className">The common start of the names of the Hugging Face classes.</param>
    /// <param name="scalesOutput">Returns true if hidden states are multiplied by 1/√(hidden size) before the head.</param>
    /// <param name="defaults">The values of fields that a configuration may omit, as a JSON object.</param>
    public static Architecture Make(string modelType, string className, Func<PretrainedConfig, bool> scalesOutput, string defaults) =>
        new Architecture(modelType, basePrefix: "")
        {
            ClassName = className,
            OwnNames = new Dictionary<string, string> { ["hidden_size"] = "d_model", ["num_attention_heads"] = "num_heads", ["num_hidden_layers"] = "num_layers", ["head_dim"] = "d_kv" },
            Defaults = defaults,
        }
            .With(ModelHead.Base, (config, attention, _) => new T5Model(config, attention, labelsAreTarget: false), _ => new BaseHead { SeesPadding = true })
            .With(ModelHead.SentenceEmbedding, (config, attention, _) => new T5Encoder(config, attention), SentenceEmbeddingHead.Over(new BaseHead()), className + "EncoderModel")
            .WithEncoderDecoder(ModelHead.Seq2SeqLM, (config, attention, _) => new T5Model(config, attention, labelsAreTarget: true),
                config => new Seq2SeqLanguageModelHead(isTied: true) { Scale = scalesOutput(config) ? 1 / Math.Sqrt(config.GetSize("d_model")) : 1 })
            .With(ModelHead.SequenceClassification, DecodesInput, SequenceClassificationHead.OfLastEndOfSequence, prefix: Whole)
            .With(ModelHead.TokenClassification, (config, attention, _) => new T5Encoder(config, attention),
                config => new TokenClassificationHead(new ClassifierShape { Dropout = config.GetProbability("classifier_dropout", 0) }), prefix: Whole)
            .With(ModelHead.QuestionAnswering, DecodesInput, QuestionAnsweringHead.Linear);

    private static T5Model DecodesInput(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new(config, attention, labelsAreTarget: false) { DecodesInput = true };
}

internal sealed class T5Model : EncoderDecoderBody
{
    private readonly TokenEmbedding _shared;
    private readonly T5Stack _encoder, _decoder;
    private readonly T5Parts _parts;

    public T5Model(PretrainedConfig config, AttentionImplementation attention, bool labelsAreTarget) : base(config, labelsAreTarget)
    {
        var parts = _parts = new T5Parts(config, attention);
        _shared = this.Register("shared", new TokenEmbedding(config.GetSize("vocab_size"), parts.Size) { Deviation = parts.Factor });
        _encoder = this.Register("encoder", new T5Stack(parts, config.GetSize("num_layers"), decodes: false));
        _decoder = this.Register("decoder", new T5Stack(parts, config.GetSize(config.Has("num_decoder_layers") ? "num_decoder_layers" : "num_layers"), decodes: true));
        Size = parts.Size;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _shared;

    public override IReadOnlyDictionary<string, string> TiedNames => SharedNames;

    public override void Initialize(string path, Layer layer, string name, Tensor parameter, double deviation)
    {
        base.Initialize(path, layer, name, parameter, deviation);
        _parts.InitializeHead(path, parameter);
    }

    public override Tensor Encode(Tensor ids, TokenLayout layout) => _encoder.Forward(_shared.Forward(ids, layout), layout);

    public override Tensor Decode(Tensor ids, TokenLayout layout) => _decoder.Forward(_shared.Forward(ids), layout);
}

/// <summary>The encoder or the decoder. All of its blocks use the relative position bias of the first.</summary>
internal sealed class T5Stack : Layer
{
    private readonly RelativePositionBias _positions;
    private readonly T5Block[] _blocks;
    private readonly RmsNorm _norm;
    private readonly Dropout _dropout;

    public T5Stack(T5Parts parts, int layers, bool decodes)
    {
        _positions = parts.Positions(decodes);
        _blocks = [.. Enumerable.Range(0, layers).Select(i => this.Register($"block.{i}", new T5Block(parts, _positions, decodes, first: i == 0)))];
        _norm = this.Register("final_layer_norm", parts.Norm());
        _dropout = this.Register("dropout", parts.Dropout());
    }

    public Tensor Forward(Tensor embedded, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        _ = _positions.Of(layout);
        var hidden = _dropout.Forward(embedded);
        foreach (var block in _blocks)
            hidden = block.Run(hidden, layout);
        return _dropout.Forward(_norm.Forward(hidden)).MoveToOuterDisposeScope();
    }
}

/// <summary>Self-attention, in a decoder cross-attention over the encoder's output, and a feed-forward block, each behind a norm and with a residual connection.</summary>
internal sealed class T5Block : TransformerLayer
{
    private readonly ProjectedAttention _self;
    private readonly ProjectedAttention? _cross;
    private readonly T5FeedForward _forward;
    private readonly RmsNorm _selfNorm, _forwardNorm;
    private readonly RmsNorm? _crossNorm;
    private readonly Dropout _dropout;
    private readonly RelativePositionBias _positions;

    public T5Block(T5Parts parts, RelativePositionBias positions, bool decodes, bool first)
    {
        _positions = positions;
        _self = this.Register("layer.0.SelfAttention", parts.Attention(causal: decodes));
        if (first)
            _self.Register("relative_attention_bias", positions);
        _selfNorm = this.Register("layer.0.layer_norm", parts.Norm());
        if (decodes)
        {
            _cross = this.Register("layer.1.EncDecAttention", parts.Attention(causal: false));
            _crossNorm = this.Register("layer.1.layer_norm", parts.Norm());
        }
        var last = decodes ? 2 : 1;
        _forward = this.Register($"layer.{last}.DenseReluDense", new T5FeedForward(parts));
        _forwardNorm = this.Register($"layer.{last}.layer_norm", parts.Norm());
        _dropout = this.Register("dropout", parts.Dropout());
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        hidden = Finite(hidden + _dropout.Forward(_self.Forward(_selfNorm.Forward(hidden), layout, _positions.Of(layout))));
        if (_cross is not null && layout.Memory is { } memory)
            hidden = Finite(hidden + _dropout.Forward(_cross.Forward(_crossNorm!.Forward(hidden), layout, memory.Hidden, memory.Layout)));
        return Finite(hidden + _dropout.Forward(_forward.Forward(_forwardNorm.Forward(hidden)))).MoveToOuterDisposeScope();
    }

    // Activations may exceed the range of float16; Hugging Face Transformers clamps them in the same way.
    private static Tensor Finite(Tensor hidden) => hidden.dtype == ScalarType.Float16 ? hidden.clamp((float)Half.MinValue + 1000, (float)Half.MaxValue - 1000) : hidden;
}

/// <summary>A feed-forward block, which is gated in later versions.</summary>
internal sealed class T5FeedForward : Layer
{
    private readonly Linear _inner, _output;
    private readonly Linear? _gated;
    private readonly Activation _activation;
    private readonly Dropout _dropout;

    public T5FeedForward(T5Parts parts)
    {
        _inner = this.Register(parts.Gated ? "wi_0" : "wi", parts.Map(parts.Size, parts.Inner, parts.Size));
        _gated = parts.Gated ? this.Register("wi_1", parts.Map(parts.Size, parts.Inner, parts.Size)) : null;
        _output = this.Register("wo", parts.Map(parts.Inner, parts.Size, parts.Inner));
        _activation = parts.Activation.In(this, "act");
        _dropout = this.Register("dropout", parts.Dropout());
    }

    public Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = _activation.Forward(_inner.Forward(input));
        return _output.Forward(_dropout.Forward(_gated is null ? inner : inner * _gated.Forward(input))).MoveToOuterDisposeScope();
    }
}

/// <summary>Creates the parts of T5's blocks that a configuration describes.</summary>
internal sealed class T5Parts
{
    private const string FirstOfTwo = "classification_head.dense";

    private static readonly Dictionary<string, Func<int, double>> _headDeviations = new()
    {
        ["lm_head"] = _ => 1,
        ["classifier"] = _ => 1,
        ["qa_outputs"] = size => 1 / Math.Sqrt(size),
        [FirstOfTwo] = size => 1 / Math.Sqrt(size),
        ["classification_head.out_proj"] = size => 1 / Math.Sqrt(size),
    };

    private readonly PretrainedConfig _config;
    private readonly AttentionImplementation _attention;
    private readonly double _dropout;
    private readonly List<(Tensor Matrix, double Deviation)> _drawn = [];

    public T5Parts(PretrainedConfig config, AttentionImplementation attention)
    {
        (_config, _attention, _dropout) = (config, attention, config.GetProbability("dropout_rate", 0.1));
        (Size, Inner, Heads, HeadSize) = (config.GetSize("d_model"), config.GetSize("d_ff"), config.GetSize("num_heads"), config.GetSize("d_kv"));
        const string Field = "feed_forward_proj", Gate = "gated-";
        var projection = config.GetString(Field, "relu");
        Gated = projection.StartsWith(Gate, StringComparison.Ordinal);
        // By this one name Hugging Face Transformers means the approximation by tanh.
        Activation = Activation.FromConfigValue(config, Field, projection == "gated-gelu" ? "gelu_new" : Gated ? projection[Gate.Length..] : projection);
        Factor = config.GetDouble("initializer_factor", 1);
    }

    public int Size { get; }

    public int Inner { get; }

    public int Heads { get; }

    public int HeadSize { get; }

    public bool Gated { get; }

    public Activation Activation { get; }

    /// <summary>The factor of the standard deviations of all initial weights.</summary>
    public double Factor { get; }

    /// <summary>Draws a matrix of a head, which was drawn as in every model, once more: Hugging Face Transformers initializes the heads of T5 twice.</summary>
    public void InitializeHead(string path, Tensor parameter)
    {
        if (parameter.dim() < 2 || !_headDeviations.TryGetValue(path, out var deviation))
            return;
        _drawn.Add((parameter, Factor * deviation(Size)));
        if (path == FirstOfTwo)
            return;
        foreach (var (matrix, own) in _drawn)
            matrix.normal_(0, own);
        _drawn.Clear();
    }

    public Dropout Dropout() => new(_dropout);

    public RmsNorm Norm() => new(Size, _config.GetDouble("layer_norm_epsilon", 1e-6));

    public ProjectedAttention Attention(bool causal) => new(new Attention(Heads, _dropout, _attention) { Causal = causal, Scale = 1 })
    {
        Query = ("q", Map(Size, Heads * HeadSize, (double)Size * HeadSize)),
        Key = ("k", Map(Size, Heads * HeadSize, Size)),
        Value = ("v", Map(Size, Heads * HeadSize, Size)),
        Output = ("o", Map(Heads * HeadSize, Size, Heads * HeadSize)),
    };

    /// <summary>Creates a linear map whose initial weights have a standard deviation of 1/√<paramref name="spread"/>.</summary>
    public Linear Map(int inputs, int outputs, double spread) => new(inputs, outputs, bias: false) { Deviation = Factor / Math.Sqrt(spread) };

    public RelativePositionBias Positions(bool decodes)
    {
        var (buckets, furthest) = (_config.GetInt("relative_attention_num_buckets", 32), _config.GetInt("relative_attention_max_distance", 128));
        if (buckets < 4)
            throw _config.Error("relative_attention_num_buckets", $"is {buckets}", "a number from 4 up");
        if (furthest <= buckets / 2)
            throw _config.Error("relative_attention_max_distance", $"is {furthest}", $"more than half of the {buckets} buckets");
        return new RelativePositionBias(buckets, Heads, furthest, bidirectional: !decodes) { Deviation = Factor / Math.Sqrt(Size) };
    }
}
