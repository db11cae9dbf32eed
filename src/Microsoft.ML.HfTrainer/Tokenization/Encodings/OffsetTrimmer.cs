namespace Microsoft.ML.HfTrainer.Tokenization.Encodings;

/// <summary>Trims whitespace from token offsets: at each end, as many characters as the token's vocabulary entry has spaces there.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="addsPrefixSpace">true if a space may have been prepended to the text, which must not be trimmed from the first token's offsets.</param>
internal sealed class OffsetTrimmer(HfTokenizer tokenizer, bool addsPrefixSpace)
{
    // The number of spaces at the beginning and end of each id's token. Ids of an irregular vocabulary may be higher and are looked up.
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
            var (leading, trailing) = encoding.Surface(i) is { } surface ? Count(surface)
                : encoding.Ids[i] < spaces.Length ? spaces[encoding.Ids[i]]
                : Count(tokenizer.IdToToken(encoding.Ids[i]) ?? "");
            if (leading + trailing == 0)
                continue;
            var (start, end) = encoding.Offsets[i];
            // A single leading space may be the prepended one; more than one come from the text.
            if (leading == 1 && addsPrefixSpace && (firstOfPart || start == 0))
                leading = 0;
            var text = (sequence == 0 ? first : second!).Text(encoding.Word(i));
            start = Math.Min(Forward(text, start, leading), end);
            encoding.Offsets[i] = (start, Math.Max(Back(text, end, trailing) ?? end, start));
        }
    }

    // Byte-level vocabularies write a space as Ġ.
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

    // Returns null if fewer characters precede the position.
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
