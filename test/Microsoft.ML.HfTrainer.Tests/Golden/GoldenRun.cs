using System.Text.Json;
using Microsoft.ML.HfTrainer.Tests.Tokenization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A golden run of the Trainer: its settings as objects of the library. A setting that cannot be followed skips the row.</summary>
internal sealed class GoldenRun : IDisposable
{
    private static readonly HashSet<string> Followed =
    [
        "model", "data", "train", "eval", "args", "collator", "processing_class", "compute_metrics", "callbacks", "custom_loss", "custom_optimizer", "freeze", "evaluate_first", "evaluate_after", "predict",
        "preprocess_logits", "resume", "trainer", "world_size", "resume_world_size", "stream",
    ];

    private readonly JsonElement _settings;
    private readonly JsonElement _data;

    public GoldenRun(string suite, JsonElement settings, string outputFolder)
    {
        _settings = settings;
        foreach (var setting in settings.EnumerateObject().Where(s => !Followed.Contains(s.Name)))
            GoldenFolder.Skip($"a run's '{setting.Name}'");
        Arguments = GoldenArguments.Read(settings.GetProperty("args"));
        Arguments.OutputDir = outputFolder;
        var folder = Path.Combine(suite, "models", settings.GetProperty("model").GetString()!);
        using var config = GoldenFolder.ReadJson(Path.Combine(folder, PretrainedConfig.FileName));
        var head = GoldenModel.HeadOfClass(config.RootElement);
        using var data = GoldenFolder.ReadJson(Path.Combine(suite, "runs", "datasets", settings.GetProperty("data").GetString() + ".json"));
        _data = data.RootElement.Clone();
        Train = GoldenExamples.Read(_data.GetProperty("train"))[..settings.GetProperty("train").GetInt32()];
        (Eval, EvalSets) = ReadEval(settings.GetProperty("eval"));
        Callbacks = [.. Listed("callbacks").Select(ReadCallback)];
        Loss = RunLoss.Read(settings);
        Model = GoldenModel.Open(folder, head, AttentionImplementation.Eager);
        (Metric, BatchMetric) = settings.TryGetProperty("compute_metrics", out var metric) ? RunMetrics.Get(metric.GetString()!, Model.Config.Labels) : default;
        var tokenizer = TinyTokenizer.Load(configuration: """{ "pad_token": "[PAD]" }""");
        Tokenizer = Flag("processing_class") ? tokenizer : null;
        Collator = new RecordingCollator(RunCollator.Read(settings.GetProperty("collator"), tokenizer, Model), Train);
        foreach (var (name, parameter) in Model.named_parameters())
            if (Listed("freeze").Any(prefix => name.StartsWith(prefix.GetString()!, StringComparison.Ordinal)))
                parameter.requires_grad = false;
    }

    public PretrainedModel Model { get; }

    public TrainingArguments Arguments { get; }

    public RecordingCollator Collator { get; }

    /// <summary>What the trainer is given; null where the collator alone has one.</summary>
    public HfTokenizer? Tokenizer { get; }

    public List<Example> Train { get; }

    /// <summary>The training set: a stream, if the run has one.</summary>
    public Dataset TrainSet => Flag("stream") ? IterableDataset.From(() => Train) : Dataset.From(Train);

    public Dataset? Eval { get; }

    /// <summary>Several evaluation sets by name; null where there is one or none.</summary>
    public IReadOnlyDictionary<string, Dataset>? EvalSets { get; }

    public List<ITrainerCallback> Callbacks { get; }

    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? Metric { get; }

    public Func<EvalPrediction, bool, IReadOnlyDictionary<string, double>>? BatchMetric { get; }

    public RunLoss Loss { get; }

    /// <summary>What logits are made into before metrics see them: their argmax.</summary>
    public Func<Tensor, Tensor?, Tensor>? Preprocess => Flag("preprocess_logits") ? (logits, _) => logits.argmax(-1) : null;

    /// <summary>The checkpoint that the run's second part goes on from; null where there is none.</summary>
    public string? Resume => _settings.TryGetProperty("resume", out var checkpoint) ? checkpoint.GetString() : null;

    public bool Predicts => Flag("predict");

    public Dataset Test => Dataset.From(GoldenExamples.Read(_data.GetProperty("test")));

    /// <summary>The prefix of an extra evaluation before or after training; null where there is none.</summary>
    public string? ExtraEvaluation(string setting)
    {
        if (!_settings.TryGetProperty(setting, out var call))
            return null;
        if (call.ValueKind != JsonValueKind.Object)
            return "eval";
        foreach (var argument in call.EnumerateObject().Where(a => a.Name != "metric_key_prefix"))
            GoldenFolder.Skip($"evaluate's '{argument.Name}'");
        return call.GetProperty("metric_key_prefix").GetString();
    }

    /// <summary>The groups of a run with an optimizer of its own; null where the Trainer's is used.</summary>
    public IReadOnlyList<ParameterGroup>? Groups(IReadOnlyList<ParameterGroup> usual)
    {
        if (!_settings.TryGetProperty("custom_optimizer", out var custom))
            return null;
        var prefixes = custom.GetProperty("head_prefixes").EnumerateArray().Select(p => p.GetString()!).ToList();
        var headRate = custom.GetProperty("head_lr").GetDouble();
        bool InHead((string Name, Parameter) parameter) => prefixes.Any(p => parameter.Name.StartsWith(p, StringComparison.Ordinal));
        return
        [
            .. from head in new[] { false, true }
               from part in usual
               let parameters = part.Parameters.Where(p => InHead(p) == head).ToList()
               where parameters.Count > 0
               select new ParameterGroup(parameters, part.WeightDecay, head ? headRate : part.InitialLearningRate),
        ];
    }

    public void Dispose() => Model.Dispose();

    private (Dataset? One, IReadOnlyDictionary<string, Dataset>? Several) ReadEval(JsonElement count) => count.ValueKind switch
    {
        JsonValueKind.Null => (null, null),
        JsonValueKind.Object => (null, count.EnumerateObject().ToDictionary(set => set.Name, set => EvalSet(set.Name, set.Value.GetInt32()))),
        _ => (EvalSet("eval", count.GetInt32()), null),
    };

    private Dataset EvalSet(string name, int count) => Dataset.From(GoldenExamples.Read(_data.GetProperty(name)).Take(count));

    private bool Flag(string setting) => _settings.TryGetProperty(setting, out var value) && value.ValueKind == JsonValueKind.True;

    private static ITrainerCallback ReadCallback(JsonElement callback)
    {
        switch (callback.GetProperty("type").GetString())
        {
            case "early_stopping":
                return new EarlyStoppingCallback(
                    callback.TryGetProperty("early_stopping_patience", out var patience) ? patience.GetInt32() : 1,
                    callback.TryGetProperty("early_stopping_threshold", out var threshold) ? threshold.GetDouble() : 0);
            case "scripted":
                return new ScriptedCallback(callback.GetProperty("plan"));
            default:
                GoldenFolder.Skip($"callback '{callback.GetProperty("type")}' of a run");
                throw new InvalidOperationException();
        }
    }

    private IEnumerable<JsonElement> Listed(string setting) => _settings.TryGetProperty(setting, out var list) ? list.EnumerateArray() : [];
}
