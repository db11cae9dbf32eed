using System.Text.Json;
using Microsoft.ML.HfTrainer.Tests.Tokenization;
using TorchSharp.Modules;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>A golden run of the Trainer: its settings as objects of the library. A setting that cannot be followed skips the row.</summary>
internal sealed class GoldenRun : IDisposable
{
    private static readonly HashSet<string> Followed =
        ["model", "data", "train", "eval", "args", "collator", "processing_class", "compute_metrics", "callbacks", "custom_loss", "custom_optimizer", "freeze", "evaluate_first", "evaluate_after", "predict"];

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
        var head = GoldenModel.HeadOfClass(config.RootElement.GetProperty("architectures")[0].GetString()!);
        var collator = ReadCollator(settings.GetProperty("collator"));
        using var data = GoldenFolder.ReadJson(Path.Combine(suite, "runs", "datasets", settings.GetProperty("data").GetString() + ".json"));
        _data = data.RootElement.Clone();
        Train = GoldenExamples.Read(_data.GetProperty("train"))[..settings.GetProperty("train").GetInt32()];
        Collator = new RecordingCollator(collator, Train);
        Eval = ReadEval(settings.GetProperty("eval"));
        Callbacks = [.. Listed("callbacks").Select(ReadCallback)];
        Metric = settings.TryGetProperty("compute_metrics", out var metric) ? RunMetrics.Get(metric.GetString()!) : null;
        NanSteps = settings.TryGetProperty("custom_loss", out var loss) ? ReadNanSteps(loss) : [];
        Model = GoldenModel.Open(folder, head, AttentionImplementation.Eager);
        foreach (var (name, parameter) in Model.named_parameters())
            if (Listed("freeze").Any(prefix => name.StartsWith(prefix.GetString()!, StringComparison.Ordinal)))
                parameter.requires_grad = false;
    }

    public PretrainedModel Model { get; }

    public TrainingArguments Arguments { get; }

    public RecordingCollator Collator { get; }

    public HfTokenizer Tokenizer { get; } = TinyTokenizer.Load(configuration: """{ "pad_token": "[PAD]" }""");

    public List<Example> Train { get; }

    public Dataset? Eval { get; }

    public List<ITrainerCallback> Callbacks { get; }

    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? Metric { get; }

    /// <summary>The micro-steps, from 1, to whose loss NaN is added.</summary>
    public IReadOnlyCollection<int> NanSteps { get; }

    public bool Predicts => _settings.TryGetProperty("predict", out var predict) && predict.ValueKind == JsonValueKind.True;

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

    // The original saves a tokenizer that only the collator was given; here the trainer is given it.
    private IDataCollator ReadCollator(JsonElement collator)
    {
        int? multiple = null;
        foreach (var setting in collator.EnumerateObject())
        {
            if (setting.Name == "pad_to_multiple_of")
                multiple = setting.Value.GetInt32();
            else if (setting.Name != "type" || setting.Value.GetString() != "padding")
                GoldenFolder.Skip($"collator with {setting.Name} '{setting.Value}'");
        }
        return new DataCollatorWithPadding(Tokenizer, multiple);
    }

    private Dataset? ReadEval(JsonElement count)
    {
        if (count.ValueKind == JsonValueKind.Object)
            GoldenFolder.Skip("evaluation sets by name");
        return count.ValueKind == JsonValueKind.Null ? null : Dataset.From(GoldenExamples.Read(_data.GetProperty("eval")).Take(count.GetInt32()));
    }

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

    private static int[] ReadNanSteps(JsonElement loss)
    {
        if (loss.GetProperty("type").GetString() != "nan")
            GoldenFolder.Skip($"loss '{loss.GetProperty("type")}' of a run");
        return [.. loss.GetProperty("micro_steps").EnumerateArray().Select(s => s.GetInt32())];
    }

    private IEnumerable<JsonElement> Listed(string setting) => _settings.TryGetProperty(setting, out var list) ? list.EnumerateArray() : [];
}
