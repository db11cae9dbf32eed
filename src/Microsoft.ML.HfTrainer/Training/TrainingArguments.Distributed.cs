using Microsoft.ML.HfTrainer.Distributed.DeepSpeed;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

// Options of runs with several processes, accepted for compatibility.
public sealed partial class TrainingArguments
{
    /// <summary>Options that control how batches are distributed over processes. Default: null. No effect: training runs in a single process.</summary>
    [NoEffect("training runs in a single process")]
    public KeywordArguments? AcceleratorConfig { get; set; }

    /// <summary>
    /// Indicates whether distributed data parallel training looks for parameters that take no part in the loss. Default: null. No effect: training runs in a
    /// single process.
    /// </summary>
    [NoEffect("training runs in a single process")]
    public bool? DdpFindUnusedParameters { get; set; }

    /// <summary>Size in megabytes of the buckets in which gradients are exchanged. Default: null. No effect: training runs in a single process.</summary>
    [NoEffect("training runs in a single process")]
    public int? DdpBucketCapMb { get; set; }

    /// <summary>
    /// Indicates whether the buffers of the first process are broadcast before each forward pass. Default: null. No effect: training runs in a single process.
    /// </summary>
    [NoEffect("training runs in a single process")]
    public bool? DdpBroadcastBuffers { get; set; }

    /// <summary>Indicates whether the set of parameters in use is the same in every update. Default: null. No effect: training runs in a single process.</summary>
    [NoEffect("training runs in a single process")]
    public bool? DdpStaticGraph { get; set; }

    /// <summary>Communication backend between processes, such as <c>gloo</c>. Default: null. No effect: training runs in a single process.</summary>
    [NoEffect("training runs in a single process")]
    public string? DdpBackend { get; set; }

    /// <summary>Timeout in seconds of operations between processes. Default: 1800. No effect: training runs in a single process.</summary>
    [NoEffect("training runs in a single process")]
    public int DdpTimeout { get; set; } = 1800;

    /// <summary>
    /// Enables sharding of weights, gradients and optimizer state over processes: <c>true</c>, or the older form such as <c>full_shard</c>. Default: null.
    /// Other values are not supported: training runs in a single process.
    /// </summary>
    [BareValue("true")]
    [ReadAs<SwitchOrWordsType>]
    [Refused("training runs in a single process")]
    public string? Fsdp { get; set; }

    /// <summary>Options of <see cref="Fsdp"/>. Default: null. No effect: it applies only together with fsdp, which is not supported.</summary>
    [NoEffect("it applies only together with fsdp, which is not supported")]
    public KeywordArguments? FsdpConfig { get; set; }

    /// <summary>Returns the arguments that a DeepSpeed configuration repeats.</summary>
    internal DeepSpeedArguments ToDeepSpeedArguments(int worldSize) => new()
    {
        WorldSize = worldSize, PerDeviceTrainBatchSize = PerDeviceTrainBatchSize, GradientAccumulationSteps = GradientAccumulationSteps, MaxGradNorm = MaxGradNorm,
        LearningRate = LearningRate, WeightDecay = WeightDecay, AdamBeta1 = AdamBeta1, AdamBeta2 = AdamBeta2, AdamEpsilon = AdamEpsilon,
        Float16 = Fp16 || Fp16FullEval, BFloat16 = Bf16 || Bf16FullEval, AutoFindBatchSize = AutoFindBatchSize, SaveOnEachNode = SaveOnEachNode,
    };
}
