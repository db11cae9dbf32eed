namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>A code point of a normalized text.</summary>
/// <param name="CodePoint">The code point.</param>
/// <param name="Class">Its combining class: 0 for starters.</param>
/// <param name="Change">0 where it replaces one character, 1 where it was added after one, and -n where it replaces one and n more that follow.</param>
internal readonly record struct Mark(int CodePoint, byte Class, int Change);
