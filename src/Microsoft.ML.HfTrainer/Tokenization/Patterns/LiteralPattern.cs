namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>A pattern that matches a literal text.</summary>
internal sealed class LiteralPattern(string literal) : TextPattern
{
    public string Literal => literal;

    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        var position = 0;
        while (text[position..].IndexOf(literal) is >= 0 and var next)
        {
            matches.Add(new TextMatch(position + next, position + next + literal.Length));
            position += next + literal.Length;
        }
    }
}
