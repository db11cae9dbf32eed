using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Loading;
using Microsoft.ML.HfTrainer.Tokenization.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Normalizers;

/// <summary>The normalizer of BERT: removes control characters, surrounds Chinese characters with spaces, strips accents, lowercases.</summary>
/// <param name="cleanText">true to remove control characters and replace whitespace by spaces.</param>
/// <param name="handleChineseCharacters">true to surround each Chinese character with spaces.</param>
/// <param name="stripAccents">true to strip accents. If null, as <paramref name="lowercase"/>.</param>
/// <param name="lowercase">true to convert the text to lower case.</param>
internal sealed class BertNormalizer(bool cleanText, bool handleChineseCharacters, bool? stripAccents, bool lowercase)
    : INormalizer, IPart<BertNormalizer>
{
    public static string TypeName => "BertNormalizer";

    public static BertNormalizer Read(PartReader json) => new(
        json.Flag("clean_text", true), json.Flag("handle_chinese_chars", true), json.OptionalFlag("strip_accents"), json.Flag("lowercase", true));

    public void Normalize(NormalizedText text)
    {
        if (cleanText)
            Clean(text);
        // From here until lowercasing, nothing affects ASCII.
        if (text.Chars.ContainsAnyExceptInRange('\0', '\x7F'))
        {
            if (handleChineseCharacters)
                IsolateChinese(text);
            if (stripAccents ?? lowercase)
            {
                UnicodeForms.Apply(text, NormalizationForm.FormD);
                Filter.Remove(text, Characters.IsNonSpacingMark);
            }
        }
        if (lowercase)
            Lowercase.Apply(text);
    }

    private static void Clean(NormalizedText text)
    {
        var chars = text.Chars;
        foreach (ref var c in chars)
        {
            if (c is '\t' or '\n' or '\r')
                c = ' ';
        }
        if (!chars.ContainsAnyExceptInRange(' ', '~'))
            return;
        Filter.Remove(text, rune => rune.Value is 0xFFFD || Characters.IsOther(rune));
        foreach (ref var c in text.Chars)
        {
            if (char.IsWhiteSpace(c))
                c = ' ';
        }
    }

    private static void IsolateChinese(NormalizedText text)
    {
        if (!ContainsChinese(text.Chars))
            return;
        var space = new Rune(' ');
        text.BeginRewrite();
        foreach (var rune in text.Chars.EnumerateRunes())
        {
            if (!Characters.IsChinese(rune))
            {
                text.Replace(rune);
                continue;
            }
            text.Replace(space);
            text.Insert(rune);
            text.Insert(space);
        }
        text.EndRewrite();
    }

    private static bool ContainsChinese(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAnyInRange('\u3400', '\uFFFF');
        if (first < 0)
            return false;
        text = text[first..];
        foreach (var rune in text.EnumerateRunes())
        {
            if (Characters.IsChinese(rune))
                return true;
        }
        return false;
    }
}
