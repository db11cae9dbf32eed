namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The names of the files of a checkpoint, besides those of the model.</summary>
internal static class CheckpointFiles
{
    public const string State = "trainer_state.json", Arguments = "training_args.json";

    public const string Optimizer = "optimizer.safetensors", Scheduler = "scheduler.json", Scaler = "scaler.json";

    private const string Random = "rng_state";

    /// <summary>The file of the training loop of a process.</summary>
    public static string LoopOf(int rank, int worldSize) => (worldSize == 1 ? Random : $"{Random}_{rank}") + ".safetensors";
}
