namespace Microsoft.ML.HfTrainer.Optimization;

/// <summary>The optimizer names of the Hugging Face Trainer that are not supported here, with the reason and the nearest supported optimizer.</summary>
internal static class RefusedOptimizers
{
    private static readonly (string[] Names, string Reason)[] _families =
    [
        (["adamw_torch_xla", "adamw_torch_npu_fused", "adamw_apex_fused"],
            "it runs on another vendor's device or library. Use 'adamw_torch_fused', which computes the same."),
        (["adamw_anyprecision"],
            "it comes from the Python package torchdistx. Use 'adamw_torch_fused', whose state is float32."),
        (["adamw_torch_4bit", "adamw_torch_8bit"],
            "it keeps its state in 4 or 8 bits by the Python package torchao. Use 'adafactor', whose state is small, or 'adamw_torch_fused'."),
        (["adamw_bnb_8bit", "adamw_8bit", "paged_adamw_32bit", "paged_adamw_8bit"],
            "it comes from the Python package bitsandbytes. Use 'adamw_torch_fused', which computes the same in 32 bits, or 'adafactor', whose state is small."),
        (["ademamix", "ademamix_8bit", "paged_ademamix_32bit", "paged_ademamix_8bit", "lion_32bit", "lion_8bit", "paged_lion_32bit", "paged_lion_8bit"],
            "it comes from the Python package bitsandbytes. Use 'adamw_torch_fused', or Optimizers.Register an optimizer of your own under this name."),
        (["rmsprop_bnb", "rmsprop_bnb_8bit", "rmsprop_bnb_32bit"],
            "it comes from the Python package bitsandbytes. Use 'rmsprop', which computes the same in 32 bits."),
        (["galore_adamw", "galore_adamw_8bit", "galore_adafactor", "galore_adamw_layerwise", "galore_adamw_8bit_layerwise", "galore_adafactor_layerwise"],
            "it comes from the Python package galore_torch. Use 'adafactor', whose state is small."),
        (["apollo_adamw", "apollo_adamw_layerwise"],
            "it comes from the Python package apollo_torch. Use 'adafactor', whose state is small."),
        (["lomo", "adalomo"],
            "it comes from the Python package lomo_optim. Use 'adafactor', whose state is small."),
        (["grokadamw"],
            "it comes from the Python package grokadamw. Use 'adamw_torch_fused'."),
        (["schedule_free_adamw", "schedule_free_radam", "schedule_free_sgd"],
            "it comes from the Python package schedulefree. Use 'adamw_torch_fused', 'radam' or 'sgd' with LrSchedulerType 'constant_with_warmup'."),
        (["stable_adamw"],
            "it comes from the Python package torch-optimi. Use 'adamw_torch_fused' with MaxGradNorm, or 'adafactor', which clips its updates likewise."),
    ];

    private static readonly Dictionary<string, string> _reasons = _families.SelectMany(f => f.Names.Select(name => (name, f.Reason))).ToDictionary(x => x.name, x => x.Reason);

    /// <summary>Returns the reason why a name is not supported; null for any other name.</summary>
    public static string? Reason(string name) => _reasons.GetValueOrDefault(name ?? "");
}
