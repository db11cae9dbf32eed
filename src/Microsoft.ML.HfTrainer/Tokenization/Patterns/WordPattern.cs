namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>A pattern whose matches cover the whole text without gaps.</summary>
internal abstract class WordPattern : TextPattern
{
    /// <summary>Returns the end of the word that begins at <paramref name="start"/>.</summary>
    public abstract int End(ReadOnlySpan<char> text, int start);

    public sealed override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = End(text, start);
            matches.Add(new TextMatch(start, end));
        }
    }
}
