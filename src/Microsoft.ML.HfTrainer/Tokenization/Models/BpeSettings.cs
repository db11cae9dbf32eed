namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>What a BPE model does beside merging.</summary>
internal sealed record BpeSettings
{
    /// <summary>The token for a character that the vocabulary lacks; null to drop such characters.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>What stands before every character of a word but the first, or is empty.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What stands behind the last character of a word, or is empty.</summary>
    public string EndSuffix { get; init; } = "";

    /// <summary>Whether unknown characters in a row are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether an unknown character becomes tokens for its UTF-8 bytes, such as <c>&lt;0xE2&gt;</c>, where all of them are there.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a token is that token, whether merges lead there or not.</summary>
    public bool IgnoreMerges { get; init; }
}
