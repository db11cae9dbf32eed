namespace Microsoft.ML.HfTrainer.Estimators.Tokens;

/// <summary>A text that is split at white space into words.</summary>
internal sealed class SplitText
{
    private readonly string[] _words;
    private readonly int[] _starts;

    public SplitText(string text)
    {
        var (words, starts) = (new List<string>(), new List<int>());
        for (var start = Next(text, 0); start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            words.Add(text[start..end]);
            starts.Add(start);
            start = Next(text, end);
        }
        (_words, _starts) = ([.. words], [.. starts]);
    }

    /// <summary>The number of words.</summary>
    public int Count => _words.Length;

    /// <summary>Tokenizes the words, or those of a pair of texts, with the offsets of their tokens in the texts.</summary>
    public TokenEncoding EncodeWith(SplitText? second, HfTokenizer tokenizer, EncodeOptions options)
    {
        var encoding = tokenizer.EncodeWords(_words, second?._words, options);
        encoding.MoveOffsets(_starts, second?._starts ?? []);
        return encoding;
    }

    private static int Next(string text, int place)
    {
        while (place < text.Length && char.IsWhiteSpace(text[place]))
            place++;
        return place;
    }
}
