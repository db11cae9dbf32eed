using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>The four Unicode normalization forms over a text with alignment (Unicode Standard Annex 15).</summary>
internal static class UnicodeForms
{
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;

    /// <summary>
    /// A code point of the result. Change is 0 where it replaces one character, 1 where it was added after one, and -n where it
    /// replaces one and n more that follow.
    /// </summary>
    private record struct Mark(int CodePoint, byte Class, int Change);

    public static void Apply(NormalizedText text, NormalizationForm form)
    {
        var compatibility = form is NormalizationForm.FormKC or NormalizationForm.FormKD;
        var compose = form is NormalizationForm.FormC or NormalizationForm.FormKC;
        if (IsSurelyNormal(text.Chars, compatibility, compose))
            return;
        var marks = Decompose(text.Chars, compatibility);
        if (compose)
            Compose(marks);
        text.BeginRewrite();
        foreach (var (codePoint, _, change) in marks)
        {
            if (change > 0)
                text.Insert(new Rune(codePoint));
            else
                text.Replace(new Rune(codePoint));
            for (var i = change; i < 0; i++)
                text.Skip();
        }
        text.EndRewrite();
    }

    private static bool IsSurelyNormal(ReadOnlySpan<char> text, bool compatibility, bool compose)
    {
        if (!text.ContainsAnyExceptInRange('\0', '\x7F'))
            return true;
        if (!text.ContainsAnyExceptInRange('\0', compatibility ? '\x9F' : compose ? '\u02FF' : '\xBF'))
            return true;
        if (compose)
            return false;
        var tables = NormalizationTables.Instance;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value >= 0xA0 && (IsHangulSyllable(rune.Value) || tables.CombiningClass(rune.Value) != 0
                || !tables.Decomposition(rune.Value, compatibility).IsEmpty))
                return false;
        }
        return true;
    }

    private static List<Mark> Decompose(ReadOnlySpan<char> text, bool compatibility)
    {
        var marks = new List<Mark>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            var first = marks.Count;
            Decompose(rune.Value, compatibility, marks, first);
            // Marks after a starter are put in the order of their classes; the sort is stable.
            for (var i = first; i < marks.Count; i++)
            {
                for (var j = i; j > 0 && marks[j].Class != 0 && marks[j - 1].Class > marks[j].Class; j--)
                    (marks[j - 1], marks[j]) = (marks[j], marks[j - 1]);
            }
        }
        return marks;
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
            // A mark is blocked from its starter by one of the same or a higher class, or by another starter, between the two.
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

    private static bool IsHangulSyllable(int codePoint) => codePoint is >= SBase and < SBase + (LCount * VCount * TCount);
}
