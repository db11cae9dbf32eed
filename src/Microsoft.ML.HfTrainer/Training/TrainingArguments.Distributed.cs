using Microsoft.ML.HfTrainer.Data.Sampling;
using Microsoft.ML.HfTrainer.Distributed.DeepSpeed;
using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

// Options of runs with several processes.
public sealed partial class TrainingArguments
{
    /// <summary>
    /// Options that control how batches are distributed over processes, with Hugging Face's names and defaults: <c>split_batches</c> (false), <c>dispatch_batches</c> (true for a stream),
    /// <c>even_batches</c> (true). Default: null.
    /// </summary>
    public KeywordArguments? AcceleratorConfig { get; set; }

    /// <summary>
    /// Indicates whether distributed data parallel training looks for parameters that take no part in the loss. Default: null. No effect: parameters without a gradient are always found.
    /// </summary>
    [NoEffect("parameters without a gradient are always found")]
    public bool? DdpFindUnusedParameters { get; set; }

    /// <summary>Size in megabytes of the buckets in which gradients are exchanged, 25 if null. Default: null.</summary>
    public int? DdpBucketCapMb { get; set; }

    /// <summary>Indicates whether the buffers of the first process are broadcast before each update, which they are if null. Default: null.</summary>
    public bool? DdpBroadcastBuffers { get; set; }

    /// <summary>Indicates whether the set of parameters in use is the same in every update. Default: null. No effect: the parameters in use are found in each update.</summary>
    [NoEffect("the parameters in use are found in each update")]
    public bool? DdpStaticGraph { get; set; }

    /// <summary>Communication backend between processes, such as <c>gloo</c>. Default: null. No effect: the launcher decides how processes communicate.</summary>
    [NoEffect("the launcher decides how processes communicate")]
    public string? DdpBackend { get; set; }

    /// <summary>Seconds to wait for the other processes, when they meet and in each exchange over TCP. Default: 1800.</summary>
    public int DdpTimeout { get; set; } = 1800;

    /// <summary>
    /// Enables sharding of weights, gradients and optimizer state over processes: <c>true</c>, or the older form such as <c>full_shard</c>. Default: null.
    /// Other values are not supported: every process holds the whole model.
    /// </summary>
    [BareValue("true")]
    [ReadAs<SwitchOrWordsType>]
    [Refused("every process holds the whole model")]
    public string? Fsdp { get; set; }

    /// <summary>Options of <see cref="Fsdp"/>. Default: null. No effect: it applies only together with fsdp, which is not supported.</summary>
    [NoEffect("it applies only together with fsdp, which is not supported")]
    public KeywordArguments? FsdpConfig { get; set; }

    /// <summary>Returns which part of the data a process takes.</summary>
    /// <param name="rank">The number of the process.</param>
    /// <param name="worldSize">The number of processes.</param>
    /// <param name="isStream">true if the data is a stream.</param>
    /// <param name="evaluates">true to evaluate or predict: no example is repeated then, unless as Hugging Face does.</param>
    internal BatchShare ToBatchShare(int rank, int worldSize, bool isStream, bool evaluates)
    {
        var (settings, repeats) = (AcceleratorConfig ?? [], !evaluates || LossNormalization == LossNormalization.Original);
        return new BatchShare(rank, worldSize)
        {
            SplitsBatches = settings.Flag("split_batches", false),
            DividesLast = repeats && settings.Flag("dispatch_batches", isStream),
            IsEven = repeats && settings.Flag("even_batches", true),
        };
    }

    /// <summary>Returns the arguments that a DeepSpeed configuration repeats.</summary>
    internal DeepSpeedArguments ToDeepSpeedArguments(int worldSize) => new()
    {
        WorldSize = worldSize, PerDeviceTrainBatchSize = PerDeviceTrainBatchSize, GradientAccumulationSteps = GradientAccumulationSteps, MaxGradNorm = MaxGradNorm,
        LearningRate = LearningRate, WeightDecay = WeightDecay, AdamBeta1 = AdamBeta1, AdamBeta2 = AdamBeta2, AdamEpsilon = AdamEpsilon,
        Float16 = Fp16 || Fp16FullEval, BFloat16 = Bf16 || Bf16FullEval, AutoFindBatchSize = AutoFindBatchSize, SaveOnEachNode = SaveOnEachNode,
    };
}
