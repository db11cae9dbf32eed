namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>The classes that the patterns of byte-level vocabularies know.</summary>
internal enum CharacterKind : byte
{
    /// <summary>What is none of the others: punctuation, symbols, marks, controls.</summary>
    Other,

    /// <summary>A letter (<c>\p{L}</c>).</summary>
    Letter,

    /// <summary>A number (<c>\p{N}</c>).</summary>
    Number,

    /// <summary>Whitespace (<c>\s</c>).</summary>
    Space,

    /// <summary>Half of a character above U+FFFF.</summary>
    Surrogate,
}
