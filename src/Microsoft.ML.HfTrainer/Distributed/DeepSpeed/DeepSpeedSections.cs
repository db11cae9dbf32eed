using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Distributed.DeepSpeed;

/// <summary>The top-level sections and values of a DeepSpeed configuration, by whether they mean anything outside DeepSpeed.</summary>
internal static class DeepSpeedSections
{
    private static readonly string[] _effective =
    [
        "train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "gradient_clipping", "optimizer", "scheduler", "fp16", "bf16",
        "zero_optimization", "zero_allow_untested_optimizer", "checkpoint",
    ];

    private static readonly string[] _ineffective =
    [
        "activation_checkpointing", "aio", "amp", "autotuning", "comet", "comms_logger", "communication_data_type", "compile", "compression_training", "csv_monitor",
        "curriculum_learning", "data_efficiency", "data_types", "dataloader_drop_last", "disable_allgather", "dump_state", "eigenvalue", "elasticity", "flops_profiler", "fp32_allreduce",
        "gradient_accumulation_dtype", "gradient_predivide_factor", "graph_harvesting", "hybrid_engine", "memory_breakdown", "pipeline", "prescale_gradients",
        "progressive_layer_drop", "quantize_training", "seq_parallel_communication_data_type", "sparse_attention", "sparse_gradients", "steps_per_print", "tensor_parallel", "tensorboard",
        "torch_autocast", "use_data_before_expert_parallelism", "wall_clock_breakdown", "wandb", "zero_force_ds_cpu_optimizer",
    ];

    public static IEnumerable<string> Warnings(string source, JsonObject values)
    {
        var names = values.Select(value => value.Key).Except(_effective).ToList();
        if (names.Intersect(_ineffective).ToList() is { Count: > 0 } known)
            yield return $"{source}: {string.Join(", ", known)}: no effect, since these parts of DeepSpeed do not exist here.";
        foreach (var unknown in names.Except(_ineffective))
            yield return $"{source}: \"{unknown}\" is not a section of a DeepSpeed configuration and has no effect. Did you mean \"{_effective.Concat(_ineffective).MinBy(name => NamedChoice.Distance(name, unknown))}\"?";
    }
}
