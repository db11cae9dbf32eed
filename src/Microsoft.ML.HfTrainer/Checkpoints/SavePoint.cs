namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The points within a save at which a test may end the process.</summary>
internal static class SavePoint
{
    /// <summary>Called with the name of each point that is reached.</summary>
    public static Action<string>? Reached { get; set; }

    public static void Reach(string name) => Reached?.Invoke(name);
}
