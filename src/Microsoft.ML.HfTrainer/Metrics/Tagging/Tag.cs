namespace Microsoft.ML.HfTrainer.Metrics.Tagging;

/// <summary>A tag such as B-PER.</summary>
internal readonly record struct Tag(char Prefix, string Type)
{
    /// <summary>The type of a tag without one.</summary>
    public const string NoType = "_";

    public static Tag Outside { get; } = new('O', NoType);
}
