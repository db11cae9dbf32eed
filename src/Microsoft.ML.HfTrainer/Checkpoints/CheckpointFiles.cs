namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The names of the files of a checkpoint, besides those of the model.</summary>
internal static class CheckpointFiles
{
    public const string State = "trainer_state.json", Arguments = "training_args.json";

    public const string Optimizer = "optimizer.safetensors", Scheduler = "scheduler.json", Scaler = "scaler.json", Random = "rng_state.safetensors";
}
