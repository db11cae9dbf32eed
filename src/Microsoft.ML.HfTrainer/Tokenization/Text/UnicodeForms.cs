using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>The four Unicode normalization forms over a text with alignment (Unicode Standard Annex 15).</summary>
internal static class UnicodeForms
{
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;

    // Reused by the thread for its next text.
    [ThreadStatic]
    private static List<Mark>? _marks;

    public static void Apply(NormalizedText text, NormalizationForm form)
    {
        var inert = InertCharacters.Of(form);
        ReadOnlySpan<char> chars = text.Chars;
        var position = inert.LengthOfInert(chars);
        if (position == chars.Length)
            return;
        text.BeginRewrite();
        var kept = 0;
        while (position < chars.Length)
        {
            var end = position + inert.LengthOfOthers(chars[position..]);
            // What follows an inert character may combine with it.
            position -= position == kept ? 0 : position - kept > 1 && char.IsSurrogatePair(chars[position - 2], chars[position - 1]) ? 2 : 1;
            text.Keep(position - kept);
            Rewrite(text, chars[position..end], form);
            kept = end;
            position = end + inert.LengthOfInert(chars[end..]);
        }
        text.Keep(chars.Length - kept);
        text.EndRewrite();
    }

    /// <summary>Indicates whether a code point is a Hangul vowel or final consonant that composes with preceding characters.</summary>
    internal static bool JoinsHangul(int codePoint) => codePoint is >= VBase and < VBase + VCount or > TBase and < TBase + TCount;

    internal static bool IsHangulSyllable(int codePoint) => codePoint is >= SBase and < SBase + (LCount * VCount * TCount);

    private static void Rewrite(NormalizedText text, ReadOnlySpan<char> part, NormalizationForm form)
    {
        var marks = _marks ??= [];
        marks.Clear();
        Decompose(part, form is NormalizationForm.FormKC or NormalizationForm.FormKD, marks);
        MarkOrder.Sort(marks);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC)
            Compose(marks);
        foreach (var (codePoint, _, change) in marks)
        {
            if (change > 0)
                text.Insert(new Rune(codePoint));
            else
                text.Replace(new Rune(codePoint));
            for (var i = change; i < 0; i++)
                text.Skip();
        }
    }

    private static void Decompose(ReadOnlySpan<char> text, bool compatibility, List<Mark> marks)
    {
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, compatibility, marks, marks.Count);
    }

    private static void Decompose(int codePoint, bool compatibility, List<Mark> marks, int first)
    {
        var tables = NormalizationTables.Instance;
        if (IsHangulSyllable(codePoint))
        {
            var index = codePoint - SBase;
            Add(LBase + index / (VCount * TCount));
            Add(VBase + index % (VCount * TCount) / TCount);
            if (index % TCount != 0)
                Add(TBase + index % TCount);
            return;
        }
        var parts = tables.Decomposition(codePoint, compatibility);
        if (parts.IsEmpty)
            Add(codePoint);
        foreach (var part in parts)
            Decompose(part, compatibility, marks, first);

        void Add(int value) => marks.Add(new Mark(value, tables.CombiningClass(value), marks.Count == first ? 0 : 1));
    }

    private static void Compose(List<Mark> marks)
    {
        int starter = -1, kept = 0;
        for (var i = 0; i < marks.Count; i++)
        {
            var mark = marks[i];
            // A mark is blocked from its starter by a mark of the same or a higher class between the two, or by another starter.
            var blocked = starter < 0 || (kept - 1 > starter && (marks[kept - 1].Class == 0 || marks[kept - 1].Class >= mark.Class));
            var composed = blocked ? -1 : Compose(marks[starter].CodePoint, mark.CodePoint);
            if (composed >= 0)
            {
                marks[starter] = new Mark(composed, 0, marks[starter].Change + mark.Change - 1);
                continue;
            }
            if (mark.Class == 0)
                starter = kept;
            marks[kept++] = mark;
        }
        marks.RemoveRange(kept, marks.Count - kept);
    }

    private static int Compose(int first, int second)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
            return SBase + (((first - LBase) * VCount) + (second - VBase)) * TCount;
        if (IsHangulSyllable(first) && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
            return first + (second - TBase);
        return NormalizationTables.Instance.Composition(first, second);
    }
}
