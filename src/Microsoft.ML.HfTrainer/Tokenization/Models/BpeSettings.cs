namespace Microsoft.ML.HfTrainer.Tokenization.Models;

/// <summary>The settings of a BPE model besides vocabulary and merges.</summary>
internal sealed record BpeSettings
{
    /// <summary>The unknown token; if null, characters outside the vocabulary are dropped.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>The prefix of every character of a word except the first (<c>continuing_subword_prefix</c>); may be empty.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>The suffix of the last character of a word (<c>end_of_word_suffix</c>); may be empty.</summary>
    public string EndSuffix { get; init; } = "";

    /// <summary>true to fuse consecutive unknown characters into one token (<c>fuse_unk</c>).</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>
    /// true to encode an unknown character as tokens for its UTF-8 bytes, such as <c>&lt;0xE2&gt;</c>, if the vocabulary has them all
    /// (<c>byte_fallback</c>).
    /// </summary>
    public bool ByteFallback { get; init; }

    /// <summary>true to encode a word that is in the vocabulary as that token, even if no merges produce it (<c>ignore_merges</c>).</summary>
    public bool IgnoreMerges { get; init; }
}
