namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>
/// The cl100k pattern used by Llama 3, Qwen 2 and others. Words are: letters with at most one other character before them that is not a line break;
/// numbers of limited length; other characters with the space before and the line breaks after them; whitespace up to its last line break;
/// contractions in any case.
/// </summary>
/// <param name="mostDigits">The maximum number of digits in a number.</param>
internal sealed class Cl100kPattern(int mostDigits) : WordPattern
{
    /// <summary>The pattern that splits numbers into groups of up to three digits.</summary>
    public const string ThreeDigits = Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + Rest;

    /// <summary>The pattern that splits numbers into single digits.</summary>
    public const string OneDigit = Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + Rest;

    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)", Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public override int End(ReadOnlySpan<char> text, int start)
    {
        if (Contractions.Length(text, start, ignoreCase: true) is > 0 and var length)
            return start + length;
        var kind = CharacterKinds.At(text, start, out var width);
        var behind = start + width;
        if (kind == CharacterKind.Letter)
            return CharacterKinds.RunEnd(text, behind, kind);
        if (kind == CharacterKind.Number)
            return NumberEnd(text, behind);
        var next = behind < text.Length ? CharacterKinds.At(text, behind, out width) : CharacterKind.Space;
        if (next == CharacterKind.Letter && text[start] is not ('\r' or '\n'))
            return CharacterKinds.RunEnd(text, behind + width, next);
        if (kind == CharacterKind.Other)
            return LineBreaksEnd(text, CharacterKinds.RunEnd(text, behind, kind));
        return next == CharacterKind.Other && text[start] == ' '
            ? LineBreaksEnd(text, CharacterKinds.RunEnd(text, behind + width, next))
            : SpaceEnd(text, start);
    }

    private int NumberEnd(ReadOnlySpan<char> text, int end)
    {
        for (var digits = 1; digits < mostDigits && end < text.Length; digits++)
        {
            if (CharacterKinds.At(text, end, out var width) != CharacterKind.Number)
                break;
            end += width;
        }
        return end;
    }

    private static int LineBreaksEnd(ReadOnlySpan<char> text, int end)
    {
        while (end < text.Length && text[end] is ('\r' or '\n'))
            end++;
        return end;
    }

    // The last of several spaces belongs to the word after it.
    private static int SpaceEnd(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterKinds.RunEnd(text, start + 1, CharacterKind.Space);
        var lineBreak = text[start..end].LastIndexOfAny('\r', '\n');
        if (lineBreak >= 0)
            return start + lineBreak + 1;
        return end < text.Length && end > start + 1 ? end - 1 : end;
    }
}
