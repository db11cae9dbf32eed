using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Text;

/// <summary>
/// The byte-level alphabet: a visible character for each byte. Printable Latin-1 characters represent themselves; the other bytes, in order, are
/// represented by the characters from U+0100 (a space is Ġ).
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Chars = MakeChars();
    private static readonly short[] Bytes = MakeBytes();

    public static char Char(byte value) => Chars[value];

    /// <summary>Returns the byte that a character represents, or -1 if it is not in the alphabet.</summary>
    public static int Byte(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>
    /// Writes the characters for the UTF-8 bytes of <paramref name="text"/>, up to three per UTF-16 unit, and returns their number. A lone surrogate
    /// counts as U+FFFD.
    /// </summary>
    public static int Write(ReadOnlySpan<char> text, Span<char> alphabet)
    {
        var length = 0;
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c < 0x80)
            {
                alphabet[length++] = Chars[c];
                i++;
                continue;
            }
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            var count = rune.EncodeToUtf8(utf8);
            for (var j = 0; j < count; j++)
                alphabet[length++] = Chars[utf8[j]];
            i += width;
        }
        return length;
    }

    private static char[] MakeChars()
    {
        var chars = new char[256];
        var next = (char)0x100;
        for (var value = 0; value < chars.Length; value++)
            chars[value] = value is >= '!' and <= '~' or >= 0xA1 and <= 0xFF and not 0xAD ? (char)value : next++;
        return chars;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[Chars.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < Chars.Length; value++)
            bytes[Chars[value]] = (short)value;
        return bytes;
    }
}
