using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed.DeepSpeed;

/// <summary>Where values lie that are kept out of the memory of the device.</summary>
internal enum OffloadDevice
{
    /// <summary>They stay on the device.</summary>
    None,

    /// <summary>In the memory of the processor.</summary>
    Cpu,

    /// <summary>In a file.</summary>
    Nvme,
}

/// <summary>An optimizer or a schedule by its DeepSpeed name.</summary>
/// <param name="Type">The name.</param>
/// <param name="Parameters">The settings under their DeepSpeed names; null for DeepSpeed's defaults.</param>
internal sealed record DeepSpeedPart(string Type, JsonFields? Parameters);

/// <summary>What a DeepSpeed configuration asks for. What it does not say is null: the training arguments decide.</summary>
internal sealed record DeepSpeedPlan
{
    private static readonly Dictionary<string, OffloadDevice> _devices = new() { ["none"] = OffloadDevice.None, ["cpu"] = OffloadDevice.Cpu, ["nvme"] = OffloadDevice.Nvme };

    /// <summary>What the processes share: 0 nothing, 1 the state of the optimizer, 2 also gradients, 3 also weights (ZeRO; Rajbhandari et al. 2020, arXiv:1910.02054).</summary>
    public required int ZeroStage { get; init; }

    /// <summary>Where the state of the optimizer lies. Only stages 2 and 3 ask for another place.</summary>
    public OffloadDevice OptimizerOffload { get; init; }

    /// <summary>Where the weights lie. Only stage 3 asks for another place.</summary>
    public OffloadDevice ParameterOffload { get; init; }

    /// <summary>The folder of offloaded optimizer state.</summary>
    public string? OptimizerOffloadFolder { get; init; }

    /// <summary>The folder of offloaded weights.</summary>
    public string? ParameterOffloadFolder { get; init; }

    /// <summary>The number of elements that are reduced at a time.</summary>
    public long? ReduceBucketSize { get; init; }

    /// <summary>The number of elements of weights that are gathered ahead of their use.</summary>
    public long? PrefetchBucketSize { get; init; }

    /// <summary>The number of elements below which a weight stays on all processes.</summary>
    public long? ParameterPersistenceThreshold { get; init; }

    /// <summary>The norm that gradients are clipped to; 0 for no clipping.</summary>
    public double? GradientClipping { get; init; }

    /// <summary>The number of examples of a micro-batch of a process.</summary>
    public int? MicroBatchSize { get; init; }

    /// <summary>The number of micro-batches of an update.</summary>
    public int? GradientAccumulationSteps { get; init; }

    /// <summary>The number of examples of an update, over all processes.</summary>
    public int? TrainBatchSize { get; init; }

    /// <summary>The type that training computes in.</summary>
    public required ScalarType ComputeType { get; init; }

    /// <summary>The optimizer; null for that of the training arguments.</summary>
    public DeepSpeedPart? Optimizer { get; init; }

    /// <summary>The schedule; null for that of the training arguments.</summary>
    public DeepSpeedPart? Scheduler { get; init; }

    /// <summary>Whether anything lies outside the memory of the device.</summary>
    public bool IsOffloaded => OptimizerOffload != OffloadDevice.None || ParameterOffload != OffloadDevice.None;

    public static DeepSpeedPlan Of(JsonFields config)
    {
        var zero = config.Section("zero_optimization");
        var stage = zero?.GetInt("stage", 0) ?? 0;
        if (stage is < 0 or > 3)
            throw zero!.Error("stage", $"is {stage}", "from 0 to 3");
        var (optimizer, parameters) = (stage >= 2 ? zero?.Section("offload_optimizer") : null, stage >= 2 ? zero?.Section("offload_param") : null);
        return new DeepSpeedPlan
        {
            ZeroStage = stage,
            OptimizerOffload = Device(optimizer), OptimizerOffloadFolder = optimizer?.GetString("nvme_path", null),
            ParameterOffload = Device(parameters), ParameterOffloadFolder = parameters?.GetString("nvme_path", null),
            ReduceBucketSize = Count(zero, "reduce_bucket_size"),
            PrefetchBucketSize = stage == 3 ? Count(zero, "stage3_prefetch_bucket_size") : null,
            ParameterPersistenceThreshold = stage == 3 ? Count(zero, "stage3_param_persistence_threshold") : null,
            GradientClipping = Number(config, "gradient_clipping"),
            MicroBatchSize = (int?)Count(config, "train_micro_batch_size_per_gpu"),
            GradientAccumulationSteps = (int?)Count(config, "gradient_accumulation_steps"),
            TrainBatchSize = (int?)Count(config, "train_batch_size"),
            ComputeType = IsEnabled(config, "bf16") ? ScalarType.BFloat16 : IsEnabled(config, "fp16") ? ScalarType.Float16 : ScalarType.Float32,
            Optimizer = Part(config.Section("optimizer")), Scheduler = Part(config.Section("scheduler")),
        };
    }

    private static OffloadDevice Device(JsonFields? section) =>
        section?.GetString("device", null) is not { } name ? OffloadDevice.None
        : _devices.TryGetValue(name, out var device) ? device
        : throw section.Error("device", $"is \"{name}\"", string.Join(", ", _devices.Keys));

    private static DeepSpeedPart? Part(JsonFields? section) => section is null ? null : new DeepSpeedPart(section.GetString("type"), section.Section("params"));

    private static bool IsEnabled(JsonFields config, string name) => config.Section(name) is { } section && !IsOpen(section, "enabled") && section.GetBool("enabled", false);

    // Sizes are often written as 5e8.
    private static long? Count(JsonFields? section, string field) =>
        Number(section, field) is not { } number ? null : number >= 0 && number == Math.Floor(number) ? (long)number : throw section!.Error(field, $"is {number}", "a whole number of at least 0");

    private static double? Number(JsonFields? section, string field) => section is null || !section.Has(field) || IsOpen(section, field) ? null : section.GetDouble(field, 0);

    // It is filled when a run starts.
    private static bool IsOpen(JsonFields section, string field) => section.IsText(field) && section.GetString(field) == "auto";
}
