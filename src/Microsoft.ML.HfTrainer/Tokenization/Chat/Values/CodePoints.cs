namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Treats strings as sequences of code points, as Python does when it counts and slices.</summary>
internal static class CodePoints
{
    public static int Count(ReadOnlySpan<char> text) => HasSurrogates(text) ? Text.Characters.Count(text) : text.Length;

    public static IEnumerator<object?> Iterate(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = LengthAt(text, at);
            yield return text.Substring(at, length);
            at += length;
        }
    }

    /// <summary>Returns the UTF-16 index of a code point, or the length of the text if the index is beyond its end.</summary>
    public static int Place(string text, int codePoint)
    {
        if (!HasSurrogates(text))
            return Math.Min(codePoint, text.Length);
        var at = 0;
        while (codePoint-- > 0 && at < text.Length)
            at += LengthAt(text, at);
        return at;
    }

    public static string Slice(string text, SliceValue slice, Budget budget)
    {
        var (start, step, count) = slice.Over(Count(text));
        budget.Step(count / 64);
        if (step == 1)
        {
            var from = Place(text, start);
            return text.Substring(from, Place(text[from..], count));
        }
        var picked = new TextBuilder(budget);
        var places = HasSurrogates(text) ? Places(text) : null;
        for (var i = 0; i < count; i++)
        {
            var at = start + (i * step);
            if (places is null)
                picked.Append(text[at]);
            else
                picked.Append(text[places[at]..places[at + 1]]);
        }
        return picked.ToString();
    }

    private static List<int> Places(string text)
    {
        var places = new List<int>(text.Length + 1);
        for (var at = 0; at < text.Length; at += LengthAt(text, at))
            places.Add(at);
        places.Add(text.Length);
        return places;
    }

    private static int LengthAt(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    private static bool HasSurrogates(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\uD800', '\uDFFF');
}
