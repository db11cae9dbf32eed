namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>The units of a text from <paramref name="Start"/> up to <paramref name="End"/>: a word, or a stretch still to be split.</summary>
internal readonly record struct TextSpan(NormalizedText Text, int Start, int End)
{
    public ReadOnlySpan<char> Chars => Text.Chars[Start..End];
}
