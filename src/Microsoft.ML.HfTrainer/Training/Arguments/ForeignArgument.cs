namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>An argument of the original, or of an older version of it, that has no property here.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why: a clause that can follow "not supported:" or "no effect:".</param>
/// <param name="Harmless">The values besides null that ask for nothing that is missing; null: every value.</param>
internal sealed record ForeignArgument(string Name, string Reason, string[]? Harmless)
{
    private const string NoHub = "nothing is uploaded to the hub";
    private const string NoTrackio = "it is for the tracker Trackio, which is not there";
    private const string OneProcess = "a run has one process";
    private const string NoGeneration = "nothing is generated in evaluations";

    public static IReadOnlyList<ForeignArgument> All { get; } =
    [
        Refused("torch_compile", "models are not compiled", "false"),
        Refused("torch_compile_backend", "models are not compiled"),
        Refused("torch_compile_mode", "models are not compiled"),
        Refused("use_liger_kernel", "Liger's kernels are written in Python", "false"),
        Ignored("liger_kernel_config", "it counts only with use_liger_kernel"),
        Ignored("log_level", "messages go to the logger that the Trainer is given, which has a level of its own"),
        Ignored("log_level_replica", OneProcess),
        Ignored("project", NoTrackio),
        Ignored("trackio_space_id", NoTrackio),
        Ignored("trackio_bucket_id", NoTrackio),
        Ignored("trackio_static_space_id", NoTrackio),
        Ignored("eval_use_gather_object", OneProcess),
        Refused("push_to_hub", NoHub, "false"),
        Ignored("hub_token", NoHub),
        Ignored("hub_private_repo", NoHub),
        Ignored("hub_model_id", NoHub),
        Ignored("hub_strategy", NoHub),
        Ignored("hub_always_push", NoHub),
        Ignored("hub_revision", NoHub),
        Refused("parallelism_config", OneProcess),
        Ignored("dataloader_multiprocessing_context", "threads make batches, not processes"),
        Refused("deepspeed", "DeepSpeed is a library for Python"),
        Refused("local_rank", OneProcess, "-1", "0"),

        // Of Seq2SeqTrainingArguments.
        Refused("sortish_sampler", NoGeneration, "false"),
        Refused("predict_with_generate", NoGeneration, "false"),
        Ignored("generation_max_length", NoGeneration),
        Ignored("generation_num_beams", NoGeneration),
        Ignored("generation_config", NoGeneration),

        // Of older versions.
        Ignored("overwrite_output_dir", "the output folder is used as it is, and old checkpoints in it stay"),
        Refused("fp16_backend", "there is one implementation of float16, libtorch's", "auto", "amp", "cuda_amp", "cpu_amp"),
        Refused("half_precision_backend", "there is one implementation of float16, libtorch's", "auto", "amp", "cuda_amp", "cpu_amp"),
        Refused("fp16_opt_level", "Apex is a library for Python", "O1"),
        Refused("save_safetensors", "weights are written as safetensors alone", "true"),
        Refused("use_mps_device", "Apple's GPUs are not supported", "false"),
        Refused("jit_mode_eval", "models are not compiled", "false"),
        Refused("use_ipex", "Intel's extension is a library for Python", "false"),
        Refused("torchdynamo", "models are not compiled"),
        Refused("tpu_num_cores", "TPUs are not supported"),
        Refused("tpu_metrics_debug", "TPUs are not supported", "false"),
        Refused("past_index", "no model gives its past to the next batch", "-1"),
        Refused("mp_parameters", "SageMaker's model parallelism is a library for Python", ""),
        Refused("use_legacy_prediction_loop", "there is one evaluation loop", "false"),
        Refused("include_tokens_per_second", "include_num_input_tokens_seen adds the tokens a second", "false"),
        Refused("place_model_on_device", "the Trainer moves the model to its device", "true"),
        Ignored("fsdp_min_num_params", "it counts only with fsdp"),
        Ignored("fsdp_transformer_layer_cls_to_wrap", "it counts only with fsdp"),
        Ignored("push_to_hub_model_id", NoHub),
        Ignored("push_to_hub_organization", NoHub),
        Ignored("push_to_hub_token", NoHub),
        Ignored("ray_scope", "it is for a search by Ray, a library for Python"),
        Ignored("dispatch_batches", OneProcess),
        Ignored("split_batches", OneProcess),
        Ignored("_n_gpu", "the device follows from where the model is"),
    ];

    /// <summary>Whether a value asks for something that is not there.</summary>
    public bool Refuses(GivenValue value) => Harmless is not null && !value.IsNull && !Harmless.Contains(value.Text);

    private static ForeignArgument Refused(string name, string reason, params string[] harmless) => new(name, reason, harmless);

    private static ForeignArgument Ignored(string name, string reason) => new(name, reason, null);
}
