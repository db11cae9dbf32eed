using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns;

/// <summary>Classifies characters, with a table for those below U+10000.</summary>
internal static class CharacterKinds
{
    private static readonly CharacterKind[] Kinds = MakeKinds();

    /// <summary>Returns the kind of the character at <paramref name="index"/> and its width in UTF-16 units.</summary>
    public static CharacterKind At(ReadOnlySpan<char> text, int index, out int width)
    {
        width = 1;
        var kind = Kinds[text[index]];
        return kind == CharacterKind.Surrogate ? OfPair(text[index..], out width) : kind;
    }

    /// <summary>Returns the end of the run of characters of one kind that begins at <paramref name="start"/>.</summary>
    public static int RunEnd(ReadOnlySpan<char> text, int start, CharacterKind kind)
    {
        var end = start;
        while (end < text.Length && At(text, end, out var width) == kind)
            end += width;
        return end;
    }

    private static CharacterKind OfPair(ReadOnlySpan<char> text, out int width)
    {
        Rune.DecodeFromUtf16(text, out var rune, out width);
        return Rune.IsLetter(rune) ? CharacterKind.Letter : Rune.IsNumber(rune) ? CharacterKind.Number : CharacterKind.Other;
    }

    private static CharacterKind[] MakeKinds()
    {
        var kinds = new CharacterKind[char.MaxValue + 1];
        for (var i = 0; i < kinds.Length; i++)
        {
            var c = (char)i;
            kinds[i] = char.IsSurrogate(c) ? CharacterKind.Surrogate : char.IsLetter(c) ? CharacterKind.Letter
                : char.IsNumber(c) ? CharacterKind.Number : char.IsWhiteSpace(c) ? CharacterKind.Space : CharacterKind.Other;
        }
        return kinds;
    }
}
