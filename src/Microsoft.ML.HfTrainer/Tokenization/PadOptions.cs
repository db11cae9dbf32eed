namespace Microsoft.ML.HfTrainer;

/// <summary>How <see cref="HfTokenizer.Pad"/> and <see cref="EncodeOptions.Padding"/> bring encodings to one length.</summary>
public sealed record PadOptions
{
    /// <summary>The length to reach, in tokens; null (default) for that of the longest encoding given.</summary>
    public int? Length { get; init; }

    /// <summary>Rounds the length up to a multiple of this; null (default) for no rounding.</summary>
    public int? MultipleOf { get; init; }

    /// <summary>The end at which padding is added; null (default) for the tokenizer's <see cref="HfTokenizer.PaddingSide"/>.</summary>
    public Side? Side { get; init; }

    /// <summary>The id of padding; null (default) for the tokenizer's <see cref="HfTokenizer.PadTokenId"/>.</summary>
    public int? PadId { get; init; }

    /// <summary>The token type of padding; null (default) for the tokenizer's <see cref="HfTokenizer.PadTokenTypeId"/>.</summary>
    public int? PadTypeId { get; init; }
}
