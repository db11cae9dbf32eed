using Microsoft.ML.HfTrainer.Models.Heads;
using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models;

/// <summary>A body with a head. The names of the body's weights begin with the architecture's prefix, except in a model without a head.</summary>
public class HeadedModel : PretrainedModel
{
    private readonly ModelHead _kind;
    private readonly TaskHead _head;
    private readonly string _prefix;
    private HashSet<string>? _bodyWeights;

    /// <summary>Creates a model whose weights are not filled yet.</summary>
    internal HeadedModel(PretrainedConfig config, Architecture architecture, ModelHead kind, AttentionImplementation attention, ModelBody.Factory body, TaskHead.Factory head)
        : base(config, architecture)
    {
        (_kind, _head) = (kind, head(config));
        Body = body(config, attention, _head.UsesPooler);
        var name = architecture.PrefixOf(kind);
        _prefix = name.Length > 0 ? name + "." : "";
        if (name.Length > 0)
            this.Register(name, Body);
        else
            RegisterAtTop(Body);
        _head.Build(this);
        if (Body.InputEmbedding is { PaddingIndex: { } padding } words && (padding < 0 || padding >= words.Weight.Rows))
            throw config.Error("pad_token_id", $"is {config.GetIntOrNull("pad_token_id") ?? padding}", $"below vocab_size {words.Weight.Rows}, or null if there is no padding");
    }

    /// <summary>The model without its head.</summary>
    public ModelBody Body { get; }

    /// <summary>The head.</summary>
    internal ModelHead Kind => _kind;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> InputNames => [.. Body.InputNames, .. _head.InputNames, .. LabelNames];

    /// <inheritdoc/>
    public override IReadOnlyList<string> LabelNames => _head.LabelNames;

    /// <inheritdoc/>
    public override bool ShiftsLabels => _head.ShiftsLabels;

    /// <inheritdoc/>
    public override SentenceEmbeddingSettings? SentenceEmbedding => _head.Embeddings;

    internal override Embedding? InputEmbedding => Body.InputEmbedding;

    internal override TokenDecoder? Decoder => ReferenceEquals(Body.InputEmbedding, Body.OutputEmbedding) ? _head.Decoder : null;

    internal override string ClassName => Architecture.ClassNameOf(_kind);

    internal override IReadOnlyDictionary<string, string> TiedNames
    {
        get
        {
            var names = Body.TiedNames.ToDictionary(tie => _prefix + tie.Key, tie => _prefix + tie.Value);
            if (_head.Decoder is { IsTied: true } tied)
                names[tied.WeightName] = NameOfOutputEmbedding();
            if (_head.Decoder?.BiasNames is { } bias)
                names[bias.Alias] = bias.Name;
            return names;
        }
    }

    /// <inheritdoc/>
    public override ModelOutput forward(Batch batch)
    {
        using var scope = NewDisposeScope();
        BatchCheck.Inputs(batch, Body, _head);
        var texts = _head.Texts(batch);
        return Forward(batch, texts, Body.CreateLayout(texts, _head.SeesPadding)).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the output for a batch in a layout of the caller's, such as that of the tokens that follow those of a key-value cache.</summary>
    internal ModelOutput Forward(Batch batch, TokenLayout layout) => Forward(batch, batch, layout);

    /// <summary>Computes the scores of the token that follows the last one, <c>[batch, vocabulary]</c>.</summary>
    /// <param name="hidden">Hidden states of the body, <c>[batch, tokens, size]</c>, of which the last are read.</param>
    /// <param name="layout">Their layout.</param>
    internal Tensor NextTokenScores(Tensor hidden, TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        using var nothing = new Batch();
        return _head.Forward(Body, hidden.narrow(1, hidden.shape[1] - 1, 1), layout, nothing).Logits.select(1, 0).MoveToOuterDisposeScope();
    }

    internal override void Initialize(string path, Layer layer, string name, Tensor parameter, double deviation) => Body.Initialize(path, layer, name, parameter, deviation);

    internal override LoadReport LoadFiles(string folder) => _head.LoadFiles(folder);

    internal override void SaveFiles(string folder) => _head.SaveFiles(folder);

    internal override bool IsOfHead(string weight) => !(_bodyWeights ??= [.. Body.named_parameters().Select(p => _prefix + p.name)]).Contains(weight);

    // The two names of a bias are always one weight.
    internal override void Untie(string alias)
    {
        if (_head.Decoder is { IsTied: true } decoder && decoder.WeightName == alias)
            decoder.Untie();
    }

    private ModelOutput Forward(Batch batch, Batch texts, TokenLayout layout)
    {
        if (layout.HoldsSeveralTexts && _head.IsPerText)
            throw new NotSupportedException($"The batch holds several texts in one row (DataCollatorWithFlattening), and {ClassName} gives one result for each row. Use a collator that pads, such as DataCollatorWithPadding.");
        return _head.Forward(Body, Body.Forward(texts, layout), layout, batch);
    }

    private string NameOfOutputEmbedding() => named_modules().First(m => ReferenceEquals(m.module, Body.OutputEmbedding)).name + ".weight";

    private void RegisterAtTop(ModelBody body)
    {
        foreach (var (name, child) in body.named_children())
            register_module(name, child);
    }
}
