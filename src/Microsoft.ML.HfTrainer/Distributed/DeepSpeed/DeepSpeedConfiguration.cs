using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Distributed.DeepSpeed;

/// <summary>
/// The configuration of DeepSpeed, which the Hugging Face Trainer completes from its arguments: each <c>auto</c> is replaced, and values that contradict the arguments
/// are collected and refused together when a run starts.
/// </summary>
internal sealed class DeepSpeedConfiguration
{
    private const string Auto = "auto";

    private readonly string _source;
    private readonly JsonObject _values;
    private readonly List<DeepSpeedMismatch> _mismatches;

    private DeepSpeedConfiguration(string source, JsonObject values, IEnumerable<DeepSpeedMismatch> mismatches) => (_source, _values, _mismatches) = (source, values, [.. mismatches]);

    /// <summary>The values.</summary>
    public JsonObject Values => _values.DeepClone().AsObject();

    /// <summary>The values that contradict the arguments.</summary>
    public IReadOnlyList<DeepSpeedMismatch> Mismatches => _mismatches;

    /// <summary>Reads a configuration.</summary>
    /// <param name="fileOrJson">The path of a JSON file, or JSON text that begins with a brace.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    /// <exception cref="InvalidDataException">The text is not a JSON object.</exception>
    public static DeepSpeedConfiguration Read(string fileOrJson)
    {
        if (fileOrJson.TrimStart().StartsWith('{'))
            return Parse("deepspeed", Encoding.UTF8.GetBytes(fileOrJson));
        return File.Exists(fileOrJson)
            ? Parse(fileOrJson, File.ReadAllBytes(fileOrJson))
            : throw new ArgumentException($"deepspeed is '{fileOrJson}'; it should be the path of an existing JSON file, or a JSON object.");
    }

    /// <summary>Returns the configuration with what the arguments say.</summary>
    public DeepSpeedConfiguration Fill(DeepSpeedArguments arguments)
    {
        var filled = Copy();
        foreach (var rule in DeepSpeedRules.OfArguments)
            filled.Apply(rule, arguments, mayDiffer: rule.IsBatchSize && arguments.AutoFindBatchSize);
        if (arguments.SaveOnEachNode)
            filled.Section("checkpoint")["use_node_local_storage"] = true;
        return filled;
    }

    /// <summary>Returns the configuration with what is known when a run starts.</summary>
    /// <exception cref="ArgumentException">Values contradict the arguments, or need what the model does not have; the message lists all.</exception>
    public DeepSpeedConfiguration Finish(DeepSpeedRun run)
    {
        var finished = Copy();
        var stage = Plan().ZeroStage;
        finished.FillSizes(run.Model, stage);
        foreach (var rule in DeepSpeedRules.OfRun)
            finished.Apply(rule, run, mayDiffer: false);
        finished.ThrowIfMismatched();
        if (run.Inference)
        {
            if (stage != 3)
                throw Fault($"zero_optimization.stage is {stage}; it should be 3 for evaluation without training, since the other stages share only what training needs");
            finished._values.Remove("optimizer");
        }
        else if (!_values.ContainsKey("optimizer"))
            finished._values["zero_allow_untested_optimizer"] = true;
        return finished;
    }

    /// <summary>Returns what the configuration asks for.</summary>
    /// <exception cref="InvalidDataException">A value has the wrong type.</exception>
    public DeepSpeedPlan Plan() => DeepSpeedPlan.Of(new JsonFields(_source, _values));

    /// <summary>Returns the warnings about sections that have no effect.</summary>
    public IEnumerable<string> Warnings() => DeepSpeedSections.Warnings(_source, _values);

    private static DeepSpeedConfiguration Parse(string source, byte[] json) => new(source, StrictJson.ParseObject(source, json), []);

    private void FillSizes(JsonFields model, int stage)
    {
        var open = DeepSpeedRules.HiddenSizeKeys.Where(key => IsAuto(Find(key))).ToList();
        if (open.Count == 0)
            return;
        var size = HiddenSize(model) ?? throw Fault(
            $"the configuration of the model has neither \"hidden_size\" nor \"hidden_sizes\", from which auto would be computed for {string.Join(", ", open)}; give numbers for them");
        foreach (var rule in DeepSpeedRules.OfHiddenSize(stage))
            Apply(rule, size, mayDiffer: true);
    }

    // Models of several parts have it in the part for text.
    private static long? HiddenSize(JsonFields model) =>
        model.Has("hidden_size") ? model.GetSize("hidden_size")
        : model.GetNumbers("hidden_sizes") is { Count: > 0 } sizes ? (long)sizes.Max()
        : model.Section("text_config") is { } text ? HiddenSize(text)
        : null;

    private void Apply<T>(DeepSpeedRule<T> rule, T known, bool mayDiffer)
    {
        if (Find(rule.Key) is not { } found)
            return;
        var value = rule.Value(known);
        if (IsAuto(found))
            found.ReplaceWith(value);
        else if (!mayDiffer && rule.Argument is { } argument && !JsonNode.DeepEquals(found, value))
            _mismatches.Add(new DeepSpeedMismatch(rule.Key, found.ToJsonString(), argument, value.ToJsonString()));
    }

    private void ThrowIfMismatched()
    {
        if (_mismatches.Count > 0)
            throw Fault($"{_mismatches.Count} value(s) contradict the training arguments; set them to \"{Auto}\", or to the same value:{string.Concat(_mismatches.Select(mismatch => $"{Environment.NewLine}- {mismatch}"))}");
    }

    private JsonNode? Find(string key) => key.Split('.').Aggregate((JsonNode?)_values, (node, name) => (node as JsonObject)?[name]);

    private JsonObject Section(string name)
    {
        if (_values[name] is not JsonObject)
            _values[name] = new JsonObject();
        return _values[name]!.AsObject();
    }

    private static bool IsAuto(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text == Auto;

    private ArgumentException Fault(string fault) => new($"{_source}: {fault}.");

    private DeepSpeedConfiguration Copy() => new(_source, Values, _mismatches);
}
