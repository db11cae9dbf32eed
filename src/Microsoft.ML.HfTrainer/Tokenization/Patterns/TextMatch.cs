namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>The range of a match in a text, in UTF-16 units.</summary>
internal readonly record struct TextMatch(int Start, int End);
