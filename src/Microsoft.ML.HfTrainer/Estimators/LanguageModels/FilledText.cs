namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>A text whose mask tokens were filled.</summary>
/// <param name="Text">The text with the most probable token in place of each mask.</param>
/// <param name="Tokens">The most probable tokens of each mask, one mask after another, the best first.</param>
/// <param name="Scores">The probability of each of them.</param>
internal sealed record FilledText(string Text, string[] Tokens, float[] Scores);
