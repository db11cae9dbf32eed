namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>A Hugging Face argument, of this or an earlier version, that has no property in <see cref="TrainingArguments"/>.</summary>
/// <param name="Name">The name of the argument.</param>
/// <param name="Reason">The reason, as a clause that follows "not supported:" or "no effect:".</param>
/// <param name="Harmless">The accepted values besides null. If null, all values are accepted and ignored.</param>
internal sealed record ForeignArgument(string Name, string Reason, string[]? Harmless)
{
    private const string NoHub = "nothing is uploaded to the hub";
    private const string NoTrackio = "the tracker Trackio is not supported";
    private const string InAcceleratorConfig = "accelerator_config has it among its entries";

    public static IReadOnlyList<ForeignArgument> All { get; } =
    [
        Refused("torch_compile", "models are not compiled", "false"),
        Refused("torch_compile_backend", "models are not compiled"),
        Refused("torch_compile_mode", "models are not compiled"),
        Refused("use_liger_kernel", "Liger kernels are a Python library", "false"),
        Ignored("liger_kernel_config", "it applies only together with use_liger_kernel, which is not supported"),
        Ignored("log_level", "messages go to the logger of the Trainer, which has its own level"),
        Ignored("log_level_replica", "messages go to the logger of the Trainer, which has its own level"),
        Ignored("project", NoTrackio),
        Ignored("trackio_space_id", NoTrackio),
        Ignored("trackio_bucket_id", NoTrackio),
        Ignored("trackio_static_space_id", NoTrackio),
        Ignored("eval_use_gather_object", "what processes predict is collected as tensors"),
        Refused("push_to_hub", NoHub, "false"),
        Ignored("hub_token", NoHub),
        Ignored("hub_private_repo", NoHub),
        Ignored("hub_model_id", NoHub),
        Ignored("hub_strategy", NoHub),
        Ignored("hub_always_push", NoHub),
        Ignored("hub_revision", NoHub),
        Refused("parallelism_config", "every process holds the whole model"),
        Ignored("dataloader_multiprocessing_context", "batches are loaded by threads, not processes"),
        Refused("deepspeed", "DeepSpeed is a Python library"),
        Refused("local_rank", "the launcher gives each process its rank, in the environment variable LOCAL_RANK", "-1", "0"),

        // Of Seq2SeqTrainingArguments.
        Refused("sortish_sampler", "train_sampling_strategy sorts examples by length", "false"),

        // Of earlier versions.
        Ignored("overwrite_output_dir", "the output directory is never cleared"),
        Refused("fp16_backend", "libtorch's float16 autocast is the only implementation", "auto", "amp", "cuda_amp", "cpu_amp"),
        Refused("half_precision_backend", "libtorch's float16 autocast is the only implementation", "auto", "amp", "cuda_amp", "cpu_amp"),
        Refused("fp16_opt_level", "Apex is a Python library", "O1"),
        Refused("save_safetensors", "weights are always saved as safetensors", "true"),
        Refused("use_mps_device", "Apple GPUs are not supported", "false"),
        Refused("jit_mode_eval", "models are not compiled", "false"),
        Refused("use_ipex", "the Intel extension is a Python library", "false"),
        Refused("torchdynamo", "models are not compiled"),
        Refused("tpu_num_cores", "TPUs are not supported"),
        Refused("tpu_metrics_debug", "TPUs are not supported", "false"),
        Refused("past_index", "models do not pass hidden states to the next batch", "-1"),
        Refused("mp_parameters", "SageMaker model parallelism is a Python library", ""),
        Refused("use_legacy_prediction_loop", "there is only one evaluation loop", "false"),
        Refused("include_tokens_per_second", "include_num_input_tokens_seen reports tokens per second", "false"),
        Refused("place_model_on_device", "the Trainer moves the model to its device", "true"),
        Ignored("fsdp_min_num_params", "it applies only together with fsdp, which is not supported"),
        Ignored("fsdp_transformer_layer_cls_to_wrap", "it applies only together with fsdp, which is not supported"),
        Ignored("push_to_hub_model_id", NoHub),
        Ignored("push_to_hub_organization", NoHub),
        Ignored("push_to_hub_token", NoHub),
        Ignored("ray_scope", "Ray is a Python library"),
        Ignored("dispatch_batches", InAcceleratorConfig),
        Ignored("split_batches", InAcceleratorConfig),
        Ignored("_n_gpu", "the device is that of the model"),
    ];

    /// <summary>Returns whether the value asks for something that is not supported.</summary>
    public bool Refuses(GivenValue value) => Harmless is not null && !value.IsNull && !Harmless.Contains(value.Text);

    private static ForeignArgument Refused(string name, string reason, params string[] harmless) => new(name, reason, harmless);

    private static ForeignArgument Ignored(string name, string reason) => new(name, reason, null);
}
