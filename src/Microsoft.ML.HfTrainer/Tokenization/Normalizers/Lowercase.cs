using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>Converts to lower case character by character: no final sigma, and İ becomes i with a combining dot above.</summary>
internal sealed class Lowercase : INormalizer, IPart<Lowercase>
{
    private const int DottedCapitalI = 0x130, DotAbove = 0x307;

    public static string TypeName => "Lowercase";

    public static Lowercase Read(PartReader json) => new();

    public void Normalize(NormalizedText text) => Apply(text);

    internal static void Apply(NormalizedText text)
    {
        Ascii.ToLowerInPlace(text.Chars, out var ascii);
        if (ascii < text.Length && !LowerInPlace(text.Chars[ascii..]))
            LowerByRewriting(text);
    }

    /// <summary>Returns false, with the text partly converted, at the first character whose lower case has a different number of units.</summary>
    private static bool LowerInPlace(Span<char> chars)
    {
        for (var i = 0; i < chars.Length;)
        {
            if (char.IsAscii(chars[i]))
            {
                chars[i] = char.ToLowerInvariant(chars[i]);
                i++;
                continue;
            }
            Rune.DecodeFromUtf16(chars[i..], out var rune, out var width);
            var lower = Characters.ToLower(rune);
            if (rune.Value == DottedCapitalI || lower.Utf16SequenceLength != rune.Utf16SequenceLength)
                return false;
            if (lower != rune)
                lower.EncodeToUtf16(chars[i..]);
            i += width;
        }
        return true;
    }

    private static void LowerByRewriting(NormalizedText text)
    {
        text.BeginRewrite();
        foreach (var rune in text.Chars.EnumerateRunes())
        {
            text.Replace(rune.Value == DottedCapitalI ? new Rune('i') : Characters.ToLower(rune));
            if (rune.Value == DottedCapitalI)
                text.Insert(new Rune(DotAbove));
        }
        text.EndRewrite();
    }
}
