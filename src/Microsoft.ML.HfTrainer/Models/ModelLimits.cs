namespace Microsoft.ML.HfTrainer.Models;

/// <summary>The limits of a model's inputs.</summary>
/// <param name="Vocabulary">The number of token ids.</param>
/// <param name="Positions">The maximum sequence length in tokens. If null, there is no limit.</param>
/// <param name="Types">The number of token types. If null, the model has none.</param>
internal sealed record ModelLimits(int Vocabulary, int? Positions, int? Types)
{
    public static ModelLimits Of(PretrainedConfig config) =>
        new(config.GetSize("vocab_size"), PositionsOf(config), config.GetIntOrNull("type_vocab_size") is { } types and > 0 ? types : null);

    /// <summary>Returns the maximum sequence length in tokens, or null if there is no limit.</summary>
    public static int? PositionsOf(PretrainedConfig config) =>
        (config.GetIntOrNull("max_position_embeddings") ?? config.GetIntOrNull("n_positions")) is { } positions ? positions - Unused(config) : null;

    private static int Unused(PretrainedConfig config) => Architecture.Registered.TryGetValue(config.ModelType, out var architecture) ? architecture.UnusedPositions(config) : 0;
}
