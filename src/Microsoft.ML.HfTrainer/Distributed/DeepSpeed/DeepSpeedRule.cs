using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Distributed.DeepSpeed;

/// <summary>A key of the configuration that repeats training arguments: <c>auto</c> is replaced by their value, and another value has to be the same.</summary>
/// <param name="Key">The key with its sections.</param>
/// <param name="Argument">The name of the argument for messages; null if any value is right.</param>
/// <param name="Value">The value that <c>auto</c> stands for.</param>
/// <param name="IsBatchSize">Whether the value may differ while the batch size is searched.</param>
internal sealed record DeepSpeedRule<T>(string Key, string? Argument, Func<T, JsonNode> Value, bool IsBatchSize = false);

/// <summary>The keys that repeat training arguments.</summary>
internal static class DeepSpeedRules
{
    /// <summary>Those whose values are known from the arguments alone.</summary>
    public static IReadOnlyList<DeepSpeedRule<DeepSpeedArguments>> OfArguments { get; } =
    [
        new("train_micro_batch_size_per_gpu", "per_device_train_batch_size", args => args.PerDeviceTrainBatchSize, IsBatchSize: true),
        new("gradient_accumulation_steps", "gradient_accumulation_steps", args => args.GradientAccumulationSteps),
        new("train_batch_size", "train_batch_size (calculated)", args => args.TrainBatchSize, IsBatchSize: true),
        new("gradient_clipping", "max_grad_norm", args => args.MaxGradNorm),
        new("optimizer.params.lr", "learning_rate", args => args.LearningRate),
        new("optimizer.params.betas", "adam_beta1+adam_beta2", args => new JsonArray(args.AdamBeta1, args.AdamBeta2)),
        new("optimizer.params.eps", "adam_epsilon", args => args.AdamEpsilon),
        new("optimizer.params.weight_decay", "weight_decay", args => args.WeightDecay),
        new("scheduler.params.warmup_min_lr", null, _ => 0),
        new("scheduler.params.warmup_max_lr", "learning_rate", args => args.LearningRate),
        new("fp16.enabled", "fp16|fp16_full_eval", args => args.Float16),
        new("bf16.enabled", "bf16|bf16_full_eval", args => args.BFloat16),
    ];

    /// <summary>Those whose values are known when a run starts.</summary>
    public static IReadOnlyList<DeepSpeedRule<DeepSpeedRun>> OfRun { get; } =
    [
        new("scheduler.params.total_num_steps", "num_training_steps (calculated)", run => run.TotalSteps),
        // DeepSpeed has no schedule that begins at the peak.
        new("scheduler.params.warmup_num_steps", "warmup_steps (at least 1)", run => Math.Max(1, run.WarmupSteps)),
    ];

    /// <summary>Those whose values follow from the hidden size of the model: the sizes of the buckets that gradients and weights are exchanged in.</summary>
    /// <param name="stage">The ZeRO stage; those of stage 3 stay as they are below it.</param>
    public static IEnumerable<DeepSpeedRule<long>> OfHiddenSize(int stage) => _ofHiddenSize.Take(stage == 3 ? 3 : 1);

    /// <summary>The keys of <see cref="OfHiddenSize"/>.</summary>
    public static IEnumerable<string> HiddenSizeKeys => _ofHiddenSize.Select(rule => rule.Key);

    private static readonly DeepSpeedRule<long>[] _ofHiddenSize =
    [
        new("zero_optimization.reduce_bucket_size", null, size => size * size),
        new("zero_optimization.stage3_prefetch_bucket_size", null, size => (long)(0.9 * size * size)),
        new("zero_optimization.stage3_param_persistence_threshold", null, size => 10 * size),
    ];
}
