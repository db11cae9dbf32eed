using System.Buffers;
using System.Globalization;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>
/// Normalizes with a SentencePiece replacement table (<c>precompiled_charsmap</c>) as Hugging Face tokenizers does: a short grapheme that begins with
/// a key is replaced as a whole, dropping what follows the key; all other text is mapped character by character. (The SentencePiece library and
/// Microsoft.ML.Tokenizers match the longest key at any position.)
/// </summary>
internal sealed class Precompiled : INormalizer, IPart<Precompiled>
{
    private const int LongestGrapheme = 5;

    private readonly Charsmap _map;

    // The ASCII characters that the table does not change.
    private readonly SearchValues<char> _plain;

    public Precompiled(Charsmap map)
    {
        _map = map;
        _plain = SearchValues.Create([.. Enumerable.Range(0, 0x80).Where(c => !map.TryFind([(byte)c], out _)).Select(c => (char)c)]);
    }

    public static string TypeName => "Precompiled";

    public static Precompiled Read(PartReader json)
    {
        var field = json.Required("precompiled_charsmap");
        try
        {
            return new Precompiled(new Charsmap(Convert.FromBase64String(field.AsText())));
        }
        catch (FormatException error)
        {
            throw field.Error($"it is not a valid replacement table: {error.Message}");
        }
    }

    public void Normalize(NormalizedText text)
    {
        ReadOnlySpan<char> chars = text.Chars;
        var rewrite = new GraphemeRewrite(text);
        Span<byte> utf8 = stackalloc byte[8];
        for (var position = 0; position < chars.Length;)
        {
            var rest = chars[position..];
            var plain = PlainUnits(rest);
            if (plain > 0)
            {
                rewrite.Keep(plain);
                position += plain;
                continue;
            }
            var grapheme = rest[..StringInfo.GetNextTextElementLength(rest)];
            position += grapheme.Length;
            if (TryEncode(grapheme, utf8, out var bytes) && _map.TryFind(utf8[..bytes], out var replacement))
            {
                rewrite.Replace(grapheme.Length, replacement);
                continue;
            }
            foreach (var rune in grapheme.EnumerateRunes())
            {
                if (_map.TryFind(utf8[..rune.EncodeToUtf8(utf8)], out replacement))
                    rewrite.Replace(rune.Utf16SequenceLength, replacement);
                else
                    rewrite.Keep(rune.Utf16SequenceLength);
            }
        }
        rewrite.End();
    }

    /// <summary>
    /// Returns the number of unchanged one-character graphemes at the start of the text. The last one is not counted if a character above ASCII
    /// follows, because it may be a combining mark.
    /// </summary>
    private int PlainUnits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(_plain);
        return end < 0 ? text.Length : char.IsAscii(text[end]) ? end : Math.Max(end - 1, 0);
    }

    private static bool TryEncode(ReadOnlySpan<char> grapheme, Span<byte> utf8, out int bytes)
    {
        bytes = 0;
        if (grapheme.Length > LongestGrapheme)
            return false;
        foreach (var rune in grapheme.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > LongestGrapheme)
                return false;
            bytes += rune.EncodeToUtf8(utf8[bytes..]);
        }
        return true;
    }
}
