namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>Where a pattern matches a text, in UTF-16 units.</summary>
internal readonly record struct TextMatch(int Start, int End);
