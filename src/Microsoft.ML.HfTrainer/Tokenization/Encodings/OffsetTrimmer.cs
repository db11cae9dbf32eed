namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>
/// Takes whitespace at the ends of tokens off their offsets: as many characters of the text as the token, as it is written in the vocabulary,
/// has spaces at that end.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="addsPrefixSpace">Whether a text may have got a space before it, which its first token is not to lose.</param>
internal sealed class OffsetTrimmer(HfTokenizer tokenizer, bool addsPrefixSpace)
{
    // For each id how many spaces its token has at the beginning and at the end.
    private readonly Lazy<(ushort Leading, ushort Trailing)[]> _spaces = new(() =>
        [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(id => Count(tokenizer.IdToToken(id) ?? ""))]);

    public void Trim(TokenEncoding encoding, SequenceTokens first, SequenceTokens? second)
    {
        var spaces = _spaces.Value;
        var sequence = -1;
        for (var i = 0; i < encoding.Length; i++)
        {
            var firstOfPart = encoding.Sequences[i] != sequence;
            sequence = encoding.Sequences[i];
            if (sequence < 0)
                continue;
            var (leading, trailing) = encoding.Surface(i) is { } surface ? Count(surface) : spaces[encoding.Ids[i]];
            if (leading + trailing == 0)
                continue;
            var (start, end) = encoding.Offsets[i];
            // More than one were in the text.
            if (leading == 1 && addsPrefixSpace && (firstOfPart || start == 0))
                leading = 0;
            var text = (sequence == 0 ? first : second!).Text(encoding.Word(i));
            start = Math.Min(Forward(text, start, leading), end);
            encoding.Offsets[i] = (start, Math.Max(Back(text, end, trailing) ?? end, start));
        }
    }

    // In byte-level vocabularies a space is written Ġ.
    private static bool IsSpace(char c) => c == '\u0120' || char.IsWhiteSpace(c);

    private static (ushort Leading, ushort Trailing) Count(string token)
    {
        ushort leading = 0, trailing = 0;
        while (leading < Math.Min(token.Length, ushort.MaxValue) && IsSpace(token[leading]))
            leading++;
        while (trailing < Math.Min(token.Length, ushort.MaxValue) && IsSpace(token[^(trailing + 1)]))
            trailing++;
        return (leading, trailing);
    }

    private static int Forward(string text, int place, int characters)
    {
        for (; characters > 0 && place < text.Length; characters--)
            place += char.IsSurrogatePair(text, place) ? 2 : 1;
        return place;
    }

    // A place with fewer characters before it has no place that far back.
    private static int? Back(string text, int place, int characters)
    {
        for (; characters > 0; characters--)
        {
            if (place == 0)
                return null;
            place -= place > 1 && char.IsSurrogatePair(text, place - 2) ? 2 : 1;
        }
        return place;
    }
}
