using System.Globalization;
using Microsoft.ML.HfTrainer.Formats;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Microsoft.ML.HfTrainer.Cli;

/// <summary>The configuration file of <c>accelerate launch</c>, as far as it has a meaning here. Values that have none are named in <see cref="Ignored"/>; keys that Accelerate does not know are errors.</summary>
internal sealed class AccelerateConfig
{
    // What has no effect here, with the values that mean none there either.
    private static readonly Dictionary<string, string[]> _without = new()
    {
        ["compute_environment"] = ["LOCAL_MACHINE"], ["rdzv_backend"] = ["static"], ["same_network"] = ["true", "false"], ["main_training_function"] = ["main"], ["debug"] = ["false"],
        ["enable_cpu_affinity"] = ["false"], ["downcast_bf16"] = ["false", "no"], ["tpu_use_cluster"] = ["false"], ["tpu_use_sudo"] = ["false"], ["tpu_name"] = [], ["tpu_zone"] = [], ["tpu_vm"] = [],
        ["tpu_env"] = [], ["command_file"] = [], ["commands"] = [], ["fp8_config"] = [], ["parallelism_config"] = [], ["megatron_lm_config"] = [], ["mpirun_config"] = [], ["dynamo_config"] = [],
    };

    private static readonly Dictionary<string, Action<AccelerateConfig, YamlNode>> _keys = new()
    {
        ["distributed_type"] = (config, node) => config._type = Text(node).ToUpperInvariant(),
        ["mixed_precision"] = (config, node) => config.MixedPrecision = Text(node),
        ["fp16"] = (config, node) => config.MixedPrecision ??= Flag("fp16", node) ? "fp16" : null,
        ["use_cpu"] = (config, node) => config.UseCpu = Flag("use_cpu", node),
        // -1 leaves the number to the command line.
        ["num_processes"] = (config, node) => config.Processes = Number("num_processes", node) is var number and not -1 ? number : null,
        ["num_machines"] = (config, node) => config.Machines = Number("num_machines", node),
        ["machine_rank"] = (config, node) => config.MachineRank = Number("machine_rank", node),
        ["main_process_ip"] = (config, node) => config.MainProcessIp = Text(node),
        ["main_process_port"] = (config, node) => config.MainProcessPort = Number("main_process_port", node),
        ["gpu_ids"] = (config, node) => config.GpuIds = Text(node),
        ["fsdp_config"] = (config, node) => config.AddFsdp(Section("fsdp_config", node)),
        ["deepspeed_config"] = (config, node) => config.AddDeepSpeed(Section("deepspeed_config", node)),
    };

    // The variables that Accelerate sets with every FSDP configuration.
    private static readonly Dictionary<string, string> _fsdp = new()
    {
        ["ACCELERATE_USE_FSDP"] = "true", ["FSDP_VERSION"] = "1", ["FSDP_SHARDING_STRATEGY"] = "FULL_SHARD", ["FSDP_OFFLOAD_PARAMS"] = "false", ["FSDP_MIN_NUM_PARAMS"] = "100000000",
        ["FSDP_RESHARD_AFTER_FORWARD"] = "true", ["FSDP_USE_ORIG_PARAMS"] = "true", ["FSDP_SYNC_MODULE_STATES"] = "true", ["FSDP_CPU_RAM_EFFICIENT_LOADING"] = "true",
        ["FSDP_FORWARD_PREFETCH"] = "false", ["FSDP_ACTIVATION_CHECKPOINTING"] = "false", ["FSDP_ACTIVATION_CHECKPOINTING_OFFLOAD"] = "false",
    };

    // Variables that are not named as their keys are.
    private static readonly Dictionary<string, string> _renamed = new()
    {
        ["fsdp_transformer_layer_cls_to_wrap"] = "FSDP_TRANSFORMER_CLS_TO_WRAP",
        ["deepspeed_deepspeed_config_file"] = "ACCELERATE_DEEPSPEED_CONFIG_FILE", ["deepspeed_zero3_init_flag"] = "ACCELERATE_DEEPSPEED_ZERO3_INIT",
        ["deepspeed_gradient_accumulation_steps"] = "ACCELERATE_GRADIENT_ACCUMULATION_STEPS", ["deepspeed_gradient_clipping"] = "ACCELERATE_GRADIENT_CLIPPING",
    };

    private readonly Dictionary<string, string> _variables = [];
    private readonly List<string> _deepSpeedFields = [];
    private string? _type;

    public int? Processes { get; private set; }

    public int? Machines { get; private set; }

    public int? MachineRank { get; private set; }

    public string? MainProcessIp { get; private set; }

    public int? MainProcessPort { get; private set; }

    public string? MixedPrecision { get; private set; }

    public bool UseCpu { get; private set; }

    public string? GpuIds { get; private set; }

    /// <summary>The variables of FSDP and DeepSpeed, as Accelerate sets them.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>The keys whose values have no effect here.</summary>
    public List<string> Ignored { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no YAML, has an unknown key, or a value that does not fit its key; the message names the line.</exception>
    public static AccelerateConfig Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"The configuration file '{path}' does not exist. 'accelerate config' writes one; options of the command line do the same without a file.");
        try
        {
            var yaml = new YamlStream();
            using (var text = File.OpenText(path))
                yaml.Load(text);
            if (yaml.Documents is not [{ RootNode: YamlMappingNode root }])
                throw new InvalidDataException("it should be lines of 'key: value', as 'accelerate config' writes them");
            var config = new AccelerateConfig();
            foreach (var (key, value) in root.Children)
                config.Add(Text(key), value, key.Start.Line);
            return config._type is null ? throw new InvalidDataException("there is no distributed_type; it should be NO, MULTI_CPU, MULTI_GPU, FSDP or DEEPSPEED") : config.Complete();
        }
        catch (Exception fault) when (fault is InvalidDataException or YamlException)
        {
            throw new InvalidDataException($"{path}{(fault is YamlException yaml ? $", line {yaml.Start.Line}" : "")}: {fault.Message}{(fault.Message.EndsWith('.') ? "" : ".")}", fault);
        }
    }

    private void Add(string key, YamlNode value, long line)
    {
        if (_keys.TryGetValue(key, out var set))
        {
            if (!IsEmpty(value))
                set(this, value);
        }
        else if (!_without.TryGetValue(key, out var harmless))
        {
            var known = _keys.Keys.Concat(_without.Keys);
            throw new InvalidDataException($"line {line}: '{key}' is not a known key. Did you mean '{known.MinBy(name => NamedChoice.Distance(name, key))}'?");
        }
        else if (!IsEmpty(value) && !(value is YamlScalarNode && harmless.Contains(Text(value), StringComparer.OrdinalIgnoreCase)))
        {
            Ignored.Add(key);
        }
    }

    // A section says how; the type says whether.
    private AccelerateConfig Complete()
    {
        var prefix = _type switch { "FSDP" => "FSDP_", "DEEPSPEED" => "ACCELERATE_", _ => null };
        foreach (var name in _variables.Keys.Where(name => prefix is null || !name.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            _variables.Remove(name);
        if (_type == "FSDP")
        {
            foreach (var (name, value) in _fsdp)
                _variables.TryAdd(name, value);
        }
        if (_type == "DEEPSPEED")
        {
            _variables["ACCELERATE_USE_DEEPSPEED"] = "true";
            // The values that DeepSpeed's own file must not contradict.
            _variables["ACCELERATE_CONFIG_DS_FIELDS"] = string.Join(',', MixedPrecision is null ? _deepSpeedFields : [.. _deepSpeedFields, "mixed_precision"]);
        }
        if (_type == "NO" && Processes is null)
            Processes = 1;
        return this;
    }

    private void AddFsdp(YamlMappingNode section)
    {
        foreach (var (key, value) in section.Children)
            AddVariable("fsdp_", Text(key), value, name => name.ToUpperInvariant());
    }

    private void AddDeepSpeed(YamlMappingNode section)
    {
        foreach (var (key, value) in section.Children)
            AddVariable("deepspeed_", "deepspeed_" + Text(key), value, name => "ACCELERATE_" + name.ToUpperInvariant());
        _deepSpeedFields.AddRange(section.Children.Keys.Select(Text));
    }

    private void AddVariable(string prefix, string key, YamlNode value, Func<string, string> name)
    {
        if (IsEmpty(value))
            return;
        var whole = key.StartsWith(prefix, StringComparison.Ordinal) ? key : prefix + key;
        _variables[_renamed.GetValueOrDefault(whole) ?? name(whole)] = Text(value) is "True" or "False" ? Text(value).ToLowerInvariant() : Text(value);
    }

    private static bool IsEmpty(YamlNode node) => node switch
    {
        YamlScalarNode { Value: null or "" or "null" or "~" } => true,
        YamlMappingNode { Children.Count: 0 } or YamlSequenceNode { Children.Count: 0 } => true,
        _ => false,
    };

    private static string Text(YamlNode node) => node is YamlScalarNode { Value: { } text } ? text : throw Fault(node, "there should be one value here");

    private static int Number(string key, YamlNode node) => int.TryParse(Text(node), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Fault(node, $"{key} is '{Text(node)}'; it should be a whole number");

    private static bool Flag(string key, YamlNode node) => Text(node).ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw Fault(node, $"{key} is '{Text(node)}'; it should be true or false"),
    };

    private static YamlMappingNode Section(string key, YamlNode node) => node as YamlMappingNode ?? throw Fault(node, $"{key} should have keys of its own below it");

    private static InvalidDataException Fault(YamlNode node, string message) => new($"line {node.Start.Line}: {message}");
}
