namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>The character classes that the patterns of byte-level vocabularies distinguish.</summary>
internal enum CharacterKind : byte
{
    /// <summary>Any other character: punctuation, symbols, marks, control characters.</summary>
    Other,

    /// <summary>A letter (<c>\p{L}</c>).</summary>
    Letter,

    /// <summary>A number (<c>\p{N}</c>).</summary>
    Number,

    /// <summary>Whitespace (<c>\s</c>).</summary>
    Space,

    /// <summary>A surrogate: half of a character above U+FFFF.</summary>
    Surrogate,
}
