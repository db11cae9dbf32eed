using System.Buffers;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Finds a string in another in linear time, where the built-in search would compare a long string again at every position.</summary>
internal static class LinearSearch
{
    // Up to this length, the built-in search is faster for any text.
    private const int ShortPart = 64;

    /// <summary>Returns the index of the first occurrence, or -1.</summary>
    public static int First(ReadOnlySpan<char> text, ReadOnlySpan<char> part) =>
        part.Length <= ShortPart ? text.IndexOf(part) : Find(text, part, fromEnd: false);

    /// <summary>Returns the index of the last occurrence, or -1.</summary>
    public static int Last(ReadOnlySpan<char> text, ReadOnlySpan<char> part) =>
        part.Length <= ShortPart ? text.LastIndexOf(part) : Find(text, part, fromEnd: true);

    // Knuth, Morris and Pratt, 1977. A border is the length of the longest proper prefix of the part that is also a suffix of the characters up to an index.
    private static int Find(ReadOnlySpan<char> text, ReadOnlySpan<char> part, bool fromEnd)
    {
        if (part.Length > text.Length)
            return -1;
        var borders = ArrayPool<int>.Shared.Rent(part.Length);
        borders[0] = 0;
        for (int i = 1, matched = 0; i < part.Length; i++)
        {
            matched = Extend(At(part, i, fromEnd), matched, part, borders, fromEnd);
            borders[i] = matched;
        }
        var found = -1;
        for (int i = 0, matched = 0; i < text.Length && found < 0; i++)
        {
            matched = Extend(At(text, i, fromEnd), matched, part, borders, fromEnd);
            if (matched == part.Length)
                found = fromEnd ? text.Length - 1 - i : i + 1 - part.Length;
        }
        ArrayPool<int>.Shared.Return(borders);
        return found;
    }

    private static int Extend(char next, int matched, ReadOnlySpan<char> part, int[] borders, bool fromEnd)
    {
        while (matched > 0 && next != At(part, matched, fromEnd))
            matched = borders[matched - 1];
        return next == At(part, matched, fromEnd) ? matched + 1 : 0;
    }

    private static char At(ReadOnlySpan<char> text, int index, bool fromEnd) => text[fromEnd ? text.Length - 1 - index : index];
}
