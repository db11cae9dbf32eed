namespace Microsoft.ML.HfTrainer.Models;

/// <summary>What a model can take.</summary>
/// <param name="Vocabulary">Token ids are below this.</param>
/// <param name="Positions">The longest sequence in tokens; null: there is no limit.</param>
internal sealed record ModelLimits(int Vocabulary, int? Positions)
{
    public static ModelLimits Of(PretrainedConfig config) => new(config.GetSize("vocab_size"), PositionsOf(config));

    /// <summary>The longest sequence that a model has positions for; null: there is no limit.</summary>
    public static int? PositionsOf(PretrainedConfig config) =>
        (config.GetIntOrNull("max_position_embeddings") ?? config.GetIntOrNull("n_positions")) is { } positions ? positions - Unused(config) : null;

    private static int Unused(PretrainedConfig config) => Architecture.Registered.TryGetValue(config.ModelType, out var architecture) ? architecture.UnusedPositions(config) : 0;
}
