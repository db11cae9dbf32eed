using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Models.Layers;
using Microsoft.ML.HfTrainer.Models.Sentences;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Models.Heads;

/// <summary>One vector for each text (Reimers and Gurevych 2019, arXiv:1908.10084). It has no loss of its own.</summary>
/// <param name="modules">The modules that compute the vector from hidden states.</param>
/// <param name="below">The head that gives the hidden states.</param>
internal sealed class SentenceEmbeddingHead(SentenceModules modules, TaskHead below) : TaskHead
{
    public const string OutputName = "sentence_embedding";

    private readonly List<SentenceStep> _steps = [];
    private SentenceEmbeddingSettings _settings = null!;
    private long _size;

    /// <summary>Returns a factory of such heads over a head that gives hidden states.</summary>
    public static Factory Over(TaskHead below) => config => new SentenceEmbeddingHead(config.Sentences ?? SentenceModules.Default(config), below);

    // The pooler is not used, but saved folders hold all weights of the base model.
    public override bool UsesPooler => below.UsesPooler;

    public override bool SeesPadding => below.SeesPadding;

    internal override bool TakesEmptyTexts => true;

    internal override IReadOnlyCollection<string> InputNames => [SentenceEmbeddingSettings.PromptLengthName];

    internal override SentenceEmbeddingSettings Embeddings => _settings;

    internal override bool IsPerText => true;

    public override void Build(HeadedModel model)
    {
        _size = model.Body.Size;
        var size = _size * modules.Poolings.Count;
        foreach (var (index, module) in modules.Steps.Index())
        {
            var step = module.Build(size);
            if (step.Weights is { } weights)
                model.Register(SentenceModules.NameOf(module, index), weights);
            _steps.Add(step);
            size = step.Size;
        }
        _settings = new SentenceEmbeddingSettings(modules, size);
    }

    public override ModelOutput Forward(ModelBody body, Tensor hidden, TokenLayout layout, Batch batch)
    {
        using var scope = NewDisposeScope();
        var rows = layout.ToPadded(hidden);
        var isToken = layout.KeyMask?.view(rows.shape[0], -1);
        var isPooled = !modules.IncludePrompt && batch.Find(SentenceEmbeddingSettings.PromptLengthName) is { } prompts ? BehindPrompts(rows, isToken, prompts) : isToken;
        var vectors = modules.Poolings.Select(pooling => pooling.Of(rows, pooling.Value == EmbeddingPooling.Cls ? isToken : isPooled)).ToList();
        var vector = vectors is [var single] ? single : cat(vectors, -1);
        foreach (var step in _steps)
            vector = step.Forward(vector);
        return new ModelOutput { Name = OutputName, Logits = vector.MoveToOuterDisposeScope() };
    }

    // Prompts begin at the first token, which is not the first of the row if padding is on the left.
    private static Tensor BehindPrompts(Tensor rows, Tensor? isToken, Tensor lengths)
    {
        var places = arange(rows.shape[1], device: rows.device).unsqueeze(0);
        var first = isToken is null ? zeros(1, ScalarType.Int64, rows.device) : isToken.to(ScalarType.Int32).argmax(1, keepdim: true);
        var isBehind = places.greater_equal(first + lengths.view(-1, 1));
        return isToken is null ? isBehind.expand(rows.shape[0], -1) : isBehind.logical_and(isToken);
    }

    /// <summary>Loads the weights of its modules from their folders.</summary>
    internal override LoadReport LoadFiles(string folder)
    {
        var report = LoadReport.Empty;
        var weights = modules.Steps.Index().Zip(_steps, (module, step) => (Name: SentenceModules.NameOf(module.Item, module.Index), module.Item.Kind, step.Weights)).Where(w => w.Weights is not null).ToList();
        if (weights.Count == 0)
            return report;
        // By their order and not by their names: modules without weights may stand between them.
        var folders = SentenceModuleList.Read(Path.Combine(folder, SentenceModuleList.FileName)).Where(entry => weights.Exists(w => w.Kind == entry.Kind)).ToList();
        if (folders.Count != weights.Count)
            throw new InvalidDataException($"{Path.Combine(folder, SentenceModuleList.FileName)}: {folders.Count} of its modules have weights; the model has {weights.Count}.");
        foreach (var ((name, _, block), entry) in weights.Zip(folders))
        {
            using var files = WeightFiles.Open(Path.Combine(folder, entry.Path));
            report = report.And(name, WeightLoading.Fill(block!, files));
        }
        return report;
    }

    internal override void SaveFiles(string folder)
    {
        modules.Save(folder, _size);
        foreach (var ((index, module), step) in modules.Steps.Index().Zip(_steps))
            if (step.Weights is { } weights)
                SafetensorsShards.Write(Path.Combine(folder, SentenceModules.NameOf(module, index)),
                    PlacedWeight.AllOf(weights).Select(w => WeightWriting.Describe(w.Name, w.Weight.Save())), WeightWriting.Metadata, PretrainedModel.DefaultMaxShardSize);
    }
}
