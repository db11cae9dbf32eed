using Microsoft.ML.HfTrainer.Training.Arguments;

namespace Microsoft.ML.HfTrainer;

// Settings of runs with several processes; a run here has one.
public sealed partial class TrainingArguments
{
    /// <summary>Settings of how batches are shared among processes.</summary>
    [NoEffect("a run has one process")]
    public KeywordArguments? AcceleratorConfig { get; set; }

    /// <summary>Whether gradients are gathered although some weights took no part in the loss.</summary>
    [NoEffect("a run has one process")]
    public bool? DdpFindUnusedParameters { get; set; }

    /// <summary>Megabytes of gradients that are exchanged at a time.</summary>
    [NoEffect("a run has one process")]
    public int? DdpBucketCapMb { get; set; }

    /// <summary>Whether all processes take the first one's buffers before each forward pass.</summary>
    [NoEffect("a run has one process")]
    public bool? DdpBroadcastBuffers { get; set; }

    /// <summary>Whether every update uses the same weights.</summary>
    [NoEffect("a run has one process")]
    public bool? DdpStaticGraph { get; set; }

    /// <summary>How processes talk to each other, such as <c>gloo</c>.</summary>
    [NoEffect("a run has one process")]
    public string? DdpBackend { get; set; }

    /// <summary>Seconds that processes wait for each other.</summary>
    [NoEffect("a run has one process")]
    public int DdpTimeout { get; set; } = 1800;

    /// <summary>Whether weights, gradients and optimizer are divided among processes (<c>true</c>, or older words such as <c>full_shard</c>).</summary>
    [BareValue("true")]
    [ReadAs<SwitchOrWordsType>]
    [Refused("weights, gradients and optimizer are not divided among processes")]
    public string? Fsdp { get; set; }

    /// <summary>Settings of <see cref="Fsdp"/>.</summary>
    [NoEffect("it counts only where fsdp is set, which is not there")]
    public KeywordArguments? FsdpConfig { get; set; }
}
