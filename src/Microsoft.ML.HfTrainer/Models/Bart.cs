using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>BART (Lewis et al. 2019, arXiv:1910.13461): a post-norm encoder and decoder with learned positions, the first two of which are not used.</summary>
internal static class Bart
{
    public static readonly Architecture Registration = Make("bart", "Bart", new BartStyle
    {
        Tokens = """ "vocab_size": 50265, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2 """,
    });

    private const string Sizes = """
        "d_model": 1024, "max_position_embeddings": 1024, "encoder_layers": 12, "encoder_ffn_dim": 4096, "encoder_attention_heads": 16,
        "decoder_layers": 12, "decoder_ffn_dim": 4096, "decoder_attention_heads": 16
        """;

    /// <summary>Creates an architecture that is built as BART is.</summary>
    /// <param name="modelType">The <c>model_type</c>.</param>
    /// <param name="className">The common start of the names of the Hugging Face classes.</param>
    /// <param name="style">The differences from BART.</param>
    /// <param name="seq2SeqClass">The name of the Hugging Face class of sequence-to-sequence models, if it does not follow from <paramref name="className"/>.</param>
    public static Architecture Make(string modelType, string className, BartStyle style, string? seq2SeqClass = null)
    {
        var seq2Seq = style with { Positions = style.Seq2SeqPositions ?? style.Positions };
        ModelBody Whole(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new BartModel(config, attention, style, labelsAreTarget: false);
        ModelBody Seq2Seq(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new BartModel(config, attention, seq2Seq, labelsAreTarget: true);
        ModelBody DecoderAlone(PretrainedConfig config, AttentionImplementation attention, bool pooled) => new BartDecoder(config, attention, style);
        var made = new Architecture(modelType, basePrefix: "model")
        {
            ClassName = className,
            OwnNames = new Dictionary<string, string> { ["hidden_size"] = "d_model", ["num_attention_heads"] = "encoder_attention_heads", ["num_hidden_layers"] = "encoder_layers" },
            Defaults = $"{{ {style.Tokens}, {Sizes} }}",
        }
            .With(ModelHead.Base, Whole, _ => new BaseHead { SeesPadding = true })
            .WithEncoderDecoder(ModelHead.Seq2SeqLM, Seq2Seq, Scores, seq2SeqClass)
            // Hugging Face Transformers does not shift labels here.
            .With(ModelHead.CausalLM, DecoderAlone, _ => new CausalLanguageModelHead(isTied: true, shifts: false));
        // Models that were only trained to translate or summarize have no heads for the source text.
        return style.HasSourceHeads
            ? made.WithEncoderDecoder(ModelHead.MaskedLM, Seq2Seq, Scores, made.ClassNameOf(ModelHead.Seq2SeqLM))
                .With(ModelHead.SequenceClassification, Whole, SequenceClassificationHead.OfLastEndOfSequence)
                .With(ModelHead.QuestionAnswering, Whole, QuestionAnsweringHead.Linear)
            : made.With(ModelHead.SentenceEmbedding, (config, attention, _) => new EncoderOf(new BartModel(config, attention, style, labelsAreTarget: false)), SentenceEmbeddingHead.Over(new BaseHead()));
    }

    private static Seq2SeqLanguageModelHead Scores(PretrainedConfig config) => new(IsTied(config)) { HasFixedBias = true };

    private static bool IsTied(PretrainedConfig config) => config.GetBool("tie_word_embeddings", true);
}

/// <summary>The differences between the architectures that are built as BART is.</summary>
internal sealed record BartStyle
{
    /// <summary>The default size of the vocabulary and the default ids of special tokens, as fields of a JSON object.</summary>
    public required string Tokens { get; init; }

    /// <summary>true for pre-norm layers with a final norm; false for post-norm layers.</summary>
    public bool PreNorm { get; init; }

    /// <summary>true if embeddings are normalized. Default: true.</summary>
    public bool NormsEmbeddings { get; init; } = true;

    /// <summary>Creates the position embeddings of a count and a size.</summary>
    public Func<int, int, Embedding> Positions { get; init; } = (count, size) => new Embedding(count, size);

    /// <summary>Creates the position embeddings of a sequence-to-sequence model. If null, they are the same.</summary>
    public Func<int, int, Embedding>? Seq2SeqPositions { get; init; }

    /// <summary>The row of the first position in the table.</summary>
    public int PositionOffset { get; init; } = LearnedOffset;

    /// <summary>true if there are heads for the source text: sequence classification, question answering and masked language modelling. Default: true.</summary>
    public bool HasSourceHeads { get; init; } = true;

    /// <summary>true if the decoder starts with the language token at the end of the labels and not with <c>decoder_start_token_id</c>.</summary>
    public bool StartsWithLanguage { get; init; }

    private const int LearnedOffset = 2;
}

internal sealed class BartModel : EncoderDecoderBody
{
    private readonly PretrainedConfig _config;
    private readonly BartStyle _style;
    private readonly TokenEmbedding _words, _targetWords;
    private readonly BartStack _encoder, _decoder;
    private readonly double _scale;

    public BartModel(PretrainedConfig config, AttentionImplementation attention, BartStyle style, bool labelsAreTarget) : base(config, labelsAreTarget)
    {
        (_config, _style, var size) = (config, style, config.GetSize("d_model"));
        _words = new TokenEmbedding(config.GetSize("vocab_size"), size, config.GetInt("pad_token_id"));
        _targetWords = IsShared(config) ? _words : new TokenEmbedding(TargetVocabulary(config), size, config.GetInt("pad_token_id"));
        if (IsShared(config))
            this.Register("shared", _words);
        _encoder = this.Register("encoder", new BartStack(config, attention, style, "encoder", IsShared(config) ? null : _words));
        _decoder = this.Register("decoder", new BartStack(config, attention, style, "decoder", IsShared(config) ? null : _targetWords));
        _scale = config.GetBool("scale_embedding", false) ? Math.Sqrt(size) : 1;
        Size = size;
        DecodesInput = true;
    }

    public override long Size { get; }

    public override Embedding InputEmbedding => _words;

    public override Embedding OutputEmbedding => _targetWords;

    public override long? MaxLength => _encoder.MaxLength;

    public override IReadOnlyDictionary<string, string> TiedNames => IsShared(_config) ? SharedNames : base.TiedNames;

    public override Tensor Encode(Tensor ids, TokenLayout layout) => _encoder.Forward(_words.Forward(ids, layout) * _scale, layout);

    public override Tensor Decode(Tensor ids, TokenLayout layout) => _decoder.Forward(_targetWords.Forward(ids) * _scale, layout);

    public override Tensor PrepareDecoderInputIdsFromLabels(Tensor labels) =>
        _style.StartsWithLanguage ? RotateLanguage(labels, _config.GetInt("pad_token_id")) : base.PrepareDecoderInputIdsFromLabels(labels);

    /// <summary>Returns the size of the target vocabulary.</summary>
    public static int TargetVocabulary(PretrainedConfig config) => config.GetSize(!IsShared(config) && config.Has("decoder_vocab_size") ? "decoder_vocab_size" : "vocab_size");

    // Only Marian may have two embeddings.
    private static bool IsShared(PretrainedConfig config) => config.GetBool("share_encoder_decoder_embeddings", true);

    // The language token follows the text, and the decoder starts with it.
    private static Tensor RotateLanguage(Tensor labels, int padding)
    {
        using var scope = NewDisposeScope();
        BatchCheck.TargetTexts(labels, padding);
        var ids = labels.masked_fill(labels.eq(Batch.IgnoredLabel), padding);
        var languages = ids.gather(1, ids.ne(padding).sum(1, keepdim: true) - 1);
        return cat([languages, ids.narrow(1, 0, ids.shape[1] - 1)], 1).MoveToOuterDisposeScope();
    }
}

/// <summary>The encoder or the decoder.</summary>
internal sealed class BartStack : Layer
{
    private readonly Embedding _positions;
    private readonly BartLayer[] _layers;
    private readonly LayerNorm? _embeddingNorm, _norm;
    private readonly Dropout _dropout;
    private readonly int _offset;
    private readonly double _layerDrop;

    /// <param name="config">The configuration.</param>
    /// <param name="attention">How attention is computed.</param>
    /// <param name="style">The differences between architectures.</param>
    /// <param name="side"><c>encoder</c> or <c>decoder</c>, the start of the names of its fields.</param>
    /// <param name="words">An embedding of its own. If null, it uses the model's.</param>
    public BartStack(PretrainedConfig config, AttentionImplementation attention, BartStyle style, string side, Embedding? words)
    {
        var (size, positions) = (config.GetSize("d_model"), config.GetSize("max_position_embeddings"));
        if (words is not null)
            this.Register("embed_tokens", words);
        _offset = style.PositionOffset;
        _positions = this.Register("embed_positions", style.Positions(positions + _offset, size));
        _layers = [.. Enumerable.Range(0, config.GetSize($"{side}_layers")).Select(i => this.Register($"layers.{i}", new BartLayer(config, attention, style.PreNorm, side)))];
        _embeddingNorm = style.NormsEmbeddings ? this.Register("layernorm_embedding", new LayerNorm(size, BartLayer.Epsilon)) : null;
        _norm = style.PreNorm ? this.Register("layer_norm", new LayerNorm(size, BartLayer.Epsilon)) : null;
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("dropout", 0.1)));
        _layerDrop = config.GetProbability($"{side}_layerdrop", 0);
    }

    /// <summary>The maximum length of a text in tokens.</summary>
    public long MaxLength => _positions.Weight.Rows - _offset;

    public Tensor Forward(Tensor embedded, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        var hidden = embedded + _positions.Forward(layout.Positions + _offset);
        hidden = _dropout.Forward(_embeddingNorm?.Forward(hidden) ?? hidden);
        foreach (var layer in _layers)
            if (!IsLeftOut())
                hidden = layer.Run(hidden, layout);
        return (_norm?.Forward(hidden) ?? hidden).MoveToOuterDisposeScope();
    }

    // LayerDrop (Fan et al. 2019, arXiv:1909.11556).
    private bool IsLeftOut() => training && _layerDrop > 0 && rand(1).item<float>() < _layerDrop;
}

/// <summary>Self-attention, in a decoder cross-attention over the encoder's output, and a feed-forward block, each with a residual connection.</summary>
internal sealed class BartLayer : TransformerLayer
{
    public const double Epsilon = 1e-5;

    private readonly ProjectedAttention _self;
    private readonly ProjectedAttention? _cross;
    private readonly Linear _inner, _output;
    private readonly LayerNorm _selfNorm, _forwardNorm;
    private readonly LayerNorm? _crossNorm;
    private readonly Dropout _dropout, _innerDropout;
    private readonly Activation _activation;
    private readonly bool _preNorm;

    public BartLayer(PretrainedConfig config, AttentionImplementation attention, bool preNorm, string side)
    {
        (_preNorm, var size, var inner) = (preNorm, config.GetSize("d_model"), config.GetSize($"{side}_ffn_dim"));
        var heads = config.GetHeads($"{side}_attention_heads", "d_model");
        var decodes = side == "decoder";
        _self = this.Register("self_attn", Attend(causal: decodes));
        _selfNorm = this.Register("self_attn_layer_norm", new LayerNorm(size, Epsilon));
        if (decodes)
        {
            _cross = this.Register("encoder_attn", Attend(causal: false));
            _crossNorm = this.Register("encoder_attn_layer_norm", new LayerNorm(size, Epsilon));
        }
        _inner = this.Register("fc1", new Linear(size, inner));
        _output = this.Register("fc2", new Linear(inner, size));
        _forwardNorm = this.Register("final_layer_norm", new LayerNorm(size, Epsilon));
        _activation = Activation.FromConfig(config, "activation_function", "gelu").In(this, "activation_fn");
        _dropout = this.Register("dropout", new Dropout(config.GetProbability("dropout", 0.1)));
        _innerDropout = this.Register("activation_dropout", new Dropout(config.GetProbability("activation_dropout", 0)));

        ProjectedAttention Attend(bool causal) => new(new Attention(heads, config.GetProbability("attention_dropout", 0), attention) { Causal = causal })
        {
            Key = ("k_proj", new Linear(size, size)),
            Value = ("v_proj", new Linear(size, size)),
            Query = ("q_proj", new Linear(size, size)),
            Output = ("out_proj", new Linear(size, size)),
        };
    }

    protected override Tensor Forward(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        hidden = Add(hidden, _selfNorm, states => _self.Forward(states, layout));
        if (_cross is not null && layout.Memory is { } memory)
            hidden = Add(hidden, _crossNorm!, states => _cross.Forward(states, layout, memory.Hidden, memory.Layout));
        return Add(hidden, _forwardNorm, states => _output.Forward(_innerDropout.Forward(_activation.Forward(_inner.Forward(states))))).MoveToOuterDisposeScope();
    }

    private Tensor Add(Tensor hidden, LayerNorm norm, Func<Tensor, Tensor> part) =>
        _preNorm ? hidden + _dropout.Forward(part(norm.Forward(hidden))) : norm.Forward(hidden + _dropout.Forward(part(hidden)));
}
