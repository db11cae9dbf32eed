using System.Globalization;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>A character below U+10000, or the set of all characters above that a pattern cannot distinguish.</summary>
/// <param name="CodePoint">The code point, or -1 for a set.</param>
/// <param name="Category">The Unicode category.</param>
/// <param name="Traits">For a set, the bits of the pattern's <see cref="Traits"/> that its characters have.</param>
internal readonly record struct Character(int CodePoint, UnicodeCategory Category, int Traits);
