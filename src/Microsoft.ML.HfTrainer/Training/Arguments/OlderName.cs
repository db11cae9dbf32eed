namespace Microsoft.ML.HfTrainer.Training.Arguments;

/// <summary>A deprecated Hugging Face name that is still in use. It applies if the newer name is not given or has its default.</summary>
/// <param name="Name">The deprecated name.</param>
/// <param name="NewName">The current name.</param>
/// <param name="Type">The type of the value under the deprecated name.</param>
/// <param name="Translate">Converts the value to that of the current name; returns null for the default of the deprecated name.</param>
internal sealed record OlderName(string Name, string NewName, ArgumentType Type, Func<object, object?> Translate)
{
    public static IReadOnlyList<OlderName> All { get; } =
    [
        Renamed<IntervalStrategy>("evaluation_strategy", "eval_strategy"),
        Renamed<string>("logging_dir", "logging_dir"),
        Renamed<bool>("no_cuda", "use_cpu"),
        Renamed<int>("per_gpu_train_batch_size", "per_device_train_batch_size"),
        Renamed<int>("per_gpu_eval_batch_size", "per_device_eval_batch_size"),
        // A value of 1 or more would be read as a number of updates.
        new("warmup_ratio", "warmup_steps", new NumberType("a number of at least 0 and below 1", ratio => ratio is >= 0 and < 1), value => value is 0.0 ? null : value),
        Switch("group_by_length", "train_sampling_strategy", TrainSamplingStrategy.GroupByLength),
        Switch("adafactor", "optim", "adafactor"),
        Switch("include_inputs_for_metrics", "include_for_metrics", new[] { "inputs" }),
    ];

    private static OlderName Renamed<T>(string name, string newName) => new(name, newName, ArgumentType.Of(typeof(T)), value => value);

    private static OlderName Switch(string name, string newName, object whenTrue) => new(name, newName, new FlagType(), value => value is true ? whenTrue : null);
}
