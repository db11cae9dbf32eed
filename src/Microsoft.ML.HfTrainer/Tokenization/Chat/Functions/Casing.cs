using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>
/// Converts letter case in any language. The common letters whose case mapping has several letters, such as ß, are mapped as in Python; Greek letters
/// with iota subscript are mapped one to one, as in .NET.
/// </summary>
internal static class Casing
{
    private static readonly FrozenDictionary<char, string> Uppers = new Dictionary<char, string>
    {
        ['\u00DF'] = "SS", ['\u0149'] = "\u02BCN", ['\u01F0'] = "J\u030C", ['\u0390'] = "\u0399\u0308\u0301", ['\u03B0'] = "\u03A5\u0308\u0301",
        ['\u0587'] = "\u0535\u0552", ['\u1E96'] = "H\u0331", ['\u1E97'] = "T\u0308", ['\u1E98'] = "W\u030A", ['\u1E99'] = "Y\u030A",
        ['\u1E9A'] = "A\u02BE", ['\uFB00'] = "FF", ['\uFB01'] = "FI", ['\uFB02'] = "FL", ['\uFB03'] = "FFI",
        ['\uFB04'] = "FFL", ['\uFB05'] = "ST", ['\uFB06'] = "ST", ['\uFB13'] = "\u0544\u0546", ['\uFB14'] = "\u0544\u0535",
        ['\uFB15'] = "\u0544\u053B", ['\uFB16'] = "\u054E\u0546", ['\uFB17'] = "\u0544\u053D",
    }.ToFrozenDictionary();

    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        if (Ascii.IsValid(upper))
            return upper;
        var whole = new StringBuilder(upper.Length);
        foreach (var c in upper)
            whole.Append(Uppers.TryGetValue(c, out var letters) ? letters : c.ToString());
        return whole.ToString();
    }

    public static string Lower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (Ascii.IsValid(text))
            return lower;
        var whole = new StringBuilder(lower.Length);
        for (var i = 0; i < lower.Length; i++)
        {
            if (text[i] == 'İ')
                whole.Append("i\u0307");
            else
                whole.Append(text[i] == 'Σ' && EndsWord(text, i) ? 'ς' : lower[i]);
        }
        return whole.ToString();
    }

    public static string Fold(string text) => Lower(text.Replace("ß", "ss")).Replace('ς', 'σ');

    public static string Capitalize(string text)
    {
        if (text.Length == 0)
            return text;
        var first = char.IsSurrogatePair(text, 0) ? 2 : 1;
        return TitleOf(text[..first]) + Lower(text)[LowerLength(text[..first])..];
    }

    public static string Swap(string text)
    {
        var swapped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            swapped.Append(IsUpper(rune) ? Lower(rune.ToString()) : IsLower(rune) ? Upper(rune.ToString()) : rune.ToString());
        return swapped.ToString();
    }

    /// <summary>Capitalizes every run of letters.</summary>
    public static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var lower = Lower(text);
        var inside = false;
        var place = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var length = LowerLength(rune.ToString());
            title.Append(inside ? lower.Substring(place, length) : TitleOf(rune.ToString()));
            place += length;
            inside = IsUpper(rune) || IsLower(rune);
        }
        return title.ToString();
    }

    public static bool IsUpper(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter;

    public static bool IsLower(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.LowercaseLetter || rune.Value is 'ª' or 'º';

    private static string TitleOf(string letter)
    {
        var upper = Upper(letter);
        return upper.Length > 1 && letter.Length == 1 && char.IsLetter(upper[1]) ? upper[0] + Lower(upper[1..]) : upper;
    }

    private static int LowerLength(string letter) => letter == "İ" ? 2 : letter.Length;

    // A sigma at the end of a word, with letters before it and none after it, has another form.
    private static bool EndsWord(string text, int at) =>
        at > 0 && char.IsLetter(text[at - 1]) && (at + 1 == text.Length || !char.IsLetter(text[at + 1]));
}
