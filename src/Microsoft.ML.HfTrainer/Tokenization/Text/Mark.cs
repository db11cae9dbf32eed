namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>A code point of a normalized text.</summary>
/// <param name="CodePoint">The code point.</param>
/// <param name="Class">The canonical combining class: 0 for starters.</param>
/// <param name="Change">
/// The alignment: 0 if it replaces one character, 1 if it is inserted after one, -n if it replaces one and the n following characters.
/// </param>
internal readonly record struct Mark(int CodePoint, byte Class, int Change);
