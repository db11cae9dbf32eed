namespace Microsoft.ML.HfTrainer;

/// <summary>How <see cref="HfTokenizer.Encode"/> encodes. What is not set here is not taken from <c>tokenizer.json</c> either.</summary>
public sealed record EncodeOptions
{
    internal static EncodeOptions Default { get; } = new();

    /// <summary>Whether the tokens of the model's template, such as <c>[CLS]</c> and <c>[SEP]</c>, are added. Default: true.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>
    /// The longest encoding in tokens, special tokens included; null (default) for no limit. A limit below the number of special tokens
    /// has no effect, as in the original.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>Which sequence is cut when <see cref="MaxLength"/> is set. Default: <see cref="TruncationStrategy.LongestFirst"/>.</summary>
    public TruncationStrategy Truncation { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>How many tokens an overflowing part repeats from the part before it. Default: 0.</summary>
    public int Stride { get; init; }

    /// <summary>The end at which tokens are cut; null (default) for the tokenizer's <see cref="HfTokenizer.TruncationSide"/>.</summary>
    public Side? TruncationSide { get; init; }
}
