using System.Globalization;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>
/// A character below U+10000, or all of those above it that a pattern cannot tell apart.
/// </summary>
/// <param name="CodePoint">The character, or -1 for many.</param>
/// <param name="Category">Its category.</param>
/// <param name="Traits">For many, the bits of the pattern's <see cref="Traits"/> that they have.</param>
internal readonly record struct Character(int CodePoint, UnicodeCategory Category, int Traits);
