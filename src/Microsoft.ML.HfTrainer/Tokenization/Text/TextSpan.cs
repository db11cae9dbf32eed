namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// The UTF-16 units of a text from <paramref name="Start"/> to <paramref name="End"/> (exclusive): a word, or a stretch that is still to be split.
/// </summary>
internal readonly record struct TextSpan(NormalizedText Text, int Start, int End)
{
    public ReadOnlySpan<char> Chars => Text.Chars[Start..End];
}
