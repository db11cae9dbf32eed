using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>Sorts the combining marks after a starter into canonical order: stable, by combining class.</summary>
internal static class MarkOrder
{
    // Up to this number of marks, insertion sort is faster than counting sort.
    private const int FewMarks = 32;

    public static void Sort(List<Mark> list)
    {
        var marks = CollectionsMarshal.AsSpan(list);
        for (int start = 0, end; start < marks.Length; start = end + 1)
        {
            for (end = start; end < marks.Length && marks[end].Class != 0;)
                end++;
            if (end - start <= FewMarks)
                SortFew(marks[start..end]);
            else
                SortMany(marks[start..end]);
        }
    }

    private static void SortFew(Span<Mark> marks)
    {
        for (var i = 1; i < marks.Length; i++)
        {
            for (var j = i; j > 0 && marks[j - 1].Class > marks[j].Class; j--)
                (marks[j - 1], marks[j]) = (marks[j], marks[j - 1]);
        }
    }

    private static void SortMany(Span<Mark> marks)
    {
        Span<int> places = stackalloc int[256 + 1];
        places.Clear();
        foreach (var mark in marks)
            places[mark.Class + 1]++;
        for (var i = 1; i < places.Length; i++)
            places[i] += places[i - 1];
        var unsorted = marks.ToArray();
        foreach (var mark in unsorted)
            marks[places[mark.Class]++] = mark;
    }
}
