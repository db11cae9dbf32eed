using System.Collections.Frozen;
using System.Globalization;
using static System.Globalization.UnicodeCategory;

namespace Microsoft.ML.HfTrainer.Tokenization.Patterns.Oniguruma;

/// <summary>The sets named by <c>\p{...}</c>, <c>[:...:]</c> and escapes such as <c>\w</c>: Unicode categories and additional ranges.</summary>
internal static class NamedSets
{
    private static readonly UnicodeCategory[] Letter = [UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter];
    private static readonly UnicodeCategory[] Mark = [NonSpacingMark, SpacingCombiningMark, EnclosingMark];
    private static readonly UnicodeCategory[] Number = [DecimalDigitNumber, LetterNumber, OtherNumber];
    private static readonly UnicodeCategory[] Symbol = [MathSymbol, CurrencySymbol, ModifierSymbol, OtherSymbol];
    private static readonly UnicodeCategory[] Separator = [SpaceSeparator, LineSeparator, ParagraphSeparator];
    private static readonly UnicodeCategory[] Other = [Control, Format, Surrogate, PrivateUse, OtherNotAssigned];
    private static readonly UnicodeCategory[] Punctuation =
    [
        ConnectorPunctuation, DashPunctuation, OpenPunctuation, ClosePunctuation, InitialQuotePunctuation, FinalQuotePunctuation, OtherPunctuation,
    ];

    private static readonly UnicodeCategory[] All = Enum.GetValues<UnicodeCategory>();

    // Circled and squared letters count as word characters although they are symbols.
    private const string Circled = "24B6-24E9 1F130-1F149 1F150-1F169 1F170-1F189";

    private static readonly FrozenDictionary<string, (IEnumerable<UnicodeCategory> Categories, string Ranges)> ByName =
        new Dictionary<string, (IEnumerable<UnicodeCategory> Categories, string Ranges)>(StringComparer.Ordinal)
        {
            ["l"] = (Letter, ""), ["letter"] = (Letter, ""), ["lc"] = ([UppercaseLetter, LowercaseLetter, TitlecaseLetter], ""),
            ["lu"] = ([UppercaseLetter], ""), ["uppercaseletter"] = ([UppercaseLetter], ""),
            ["ll"] = ([LowercaseLetter], ""), ["lowercaseletter"] = ([LowercaseLetter], ""),
            ["lt"] = ([TitlecaseLetter], ""), ["titlecaseletter"] = ([TitlecaseLetter], ""),
            ["lm"] = ([ModifierLetter], ""), ["modifierletter"] = ([ModifierLetter], ""),
            ["lo"] = ([OtherLetter], ""), ["otherletter"] = ([OtherLetter], ""),
            ["m"] = (Mark, ""), ["mark"] = (Mark, ""), ["combiningmark"] = (Mark, ""),
            ["mn"] = ([NonSpacingMark], ""), ["nonspacingmark"] = ([NonSpacingMark], ""),
            ["mc"] = ([SpacingCombiningMark], ""), ["spacingmark"] = ([SpacingCombiningMark], ""),
            ["me"] = ([EnclosingMark], ""), ["enclosingmark"] = ([EnclosingMark], ""),
            ["n"] = (Number, ""), ["number"] = (Number, ""),
            ["nd"] = ([DecimalDigitNumber], ""), ["decimalnumber"] = ([DecimalDigitNumber], ""), ["digit"] = ([DecimalDigitNumber], ""),
            ["nl"] = ([LetterNumber], ""), ["letternumber"] = ([LetterNumber], ""),
            ["no"] = ([OtherNumber], ""), ["othernumber"] = ([OtherNumber], ""),
            ["p"] = (Punctuation, ""), ["punctuation"] = (Punctuation, ""),
            ["pc"] = ([ConnectorPunctuation], ""), ["connectorpunctuation"] = ([ConnectorPunctuation], ""),
            ["pd"] = ([DashPunctuation], ""), ["dashpunctuation"] = ([DashPunctuation], ""),
            ["ps"] = ([OpenPunctuation], ""), ["openpunctuation"] = ([OpenPunctuation], ""),
            ["pe"] = ([ClosePunctuation], ""), ["closepunctuation"] = ([ClosePunctuation], ""),
            ["pi"] = ([InitialQuotePunctuation], ""), ["initialpunctuation"] = ([InitialQuotePunctuation], ""),
            ["pf"] = ([FinalQuotePunctuation], ""), ["finalpunctuation"] = ([FinalQuotePunctuation], ""),
            ["po"] = ([OtherPunctuation], ""), ["otherpunctuation"] = ([OtherPunctuation], ""),
            ["s"] = (Symbol, ""), ["symbol"] = (Symbol, ""),
            ["sm"] = ([MathSymbol], ""), ["mathsymbol"] = ([MathSymbol], ""),
            ["sc"] = ([CurrencySymbol], ""), ["currencysymbol"] = ([CurrencySymbol], ""),
            ["sk"] = ([ModifierSymbol], ""), ["modifiersymbol"] = ([ModifierSymbol], ""),
            ["so"] = ([OtherSymbol], ""), ["othersymbol"] = ([OtherSymbol], ""),
            ["z"] = (Separator, ""), ["separator"] = (Separator, ""),
            ["zs"] = ([SpaceSeparator], ""), ["spaceseparator"] = ([SpaceSeparator], ""),
            ["zl"] = ([LineSeparator], ""), ["lineseparator"] = ([LineSeparator], ""),
            ["zp"] = ([ParagraphSeparator], ""), ["paragraphseparator"] = ([ParagraphSeparator], ""),
            ["c"] = (Other, ""), ["other"] = (Other, ""),
            ["cc"] = ([Control], ""), ["control"] = ([Control], ""), ["cntrl"] = ([Control], ""),
            ["cf"] = ([Format], ""), ["format"] = ([Format], ""), ["cs"] = ([Surrogate], ""), ["surrogate"] = ([Surrogate], ""),
            ["co"] = ([PrivateUse], ""), ["privateuse"] = ([PrivateUse], ""), ["cn"] = ([OtherNotAssigned], ""), ["unassigned"] = ([OtherNotAssigned], ""),
            ["any"] = (All, ""), ["assigned"] = (All.Except([OtherNotAssigned]), ""), ["ascii"] = ([], "0-7F"),
            ["space"] = (Separator, "9-D 85"), ["whitespace"] = (Separator, "9-D 85"), ["blank"] = ([SpaceSeparator], "9"),
            ["word"] = ([.. Letter, .. Mark, DecimalDigitNumber, LetterNumber, ConnectorPunctuation], Circled),
            ["xdigit"] = ([], "30-39 41-46 61-66"), ["asciihexdigit"] = ([], "30-39 41-46 61-66"),
            ["punct"] = (Punctuation, "24 2B 3C-3E 5E 60 7C 7E"),
            ["upper"] = ([UppercaseLetter], "2160-216F 24B6-24CF 1F130-1F149 1F150-1F169 1F170-1F189"),
            ["uppercase"] = ([UppercaseLetter], "2160-216F 24B6-24CF 1F130-1F149 1F150-1F169 1F170-1F189"),
            ["lower"] = ([LowercaseLetter], OtherLowercase), ["lowercase"] = ([LowercaseLetter], OtherLowercase),
            ["han"] = ([], "2E80-2E99 2E9B-2EF3 2F00-2FD5 3005 3007 3021-3029 3038-303B 3400-4DBF 4E00-9FFF F900-FA6D FA70-FAD9 16FE2-16FE3 " +
                "16FF0-16FF1 20000-2A6DF 2A700-2B739 2B740-2B81D 2B820-2CEA1 2CEB0-2EBE0 2EBF0-2EE5D 2F800-2FA1D 30000-3134A 31350-323AF"),
            ["hiragana"] = ([], "3041-3096 309D-309F 1B001-1B11F 1B132 1B150-1B152 1F200"),
            ["katakana"] = ([], "30A1-30FA 30FD-30FF 31F0-31FF 32D0-32FE 3300-3357 FF66-FF6F FF71-FF9D 1AFF0-1AFF3 1AFF5-1AFFB 1AFFD-1AFFE " +
                "1B000 1B120-1B122 1B155 1B164-1B167"),
            ["hangul"] = ([], "1100-11FF 302E-302F 3131-318E 3200-321E 3260-327E A960-A97C AC00-D7A3 D7B0-D7C6 D7CB-D7FB FFA0-FFBE FFC2-FFC7 " +
                "FFCA-FFCF FFD2-FFD7 FFDA-FFDC"),
            ["bopomofo"] = ([], "2EA-2EB 3105-312F 31A0-31BF"),
            ["latin"] = ([], "41-5A 61-7A AA BA C0-D6 D8-F6 F8-2B8 2E0-2E4 1D00-1D25 1D2C-1D5C 1D62-1D65 1D6B-1D77 1D79-1DBE 1E00-1EFF 2071 207F " +
                "2090-209C 212A-212B 2132 214E 2160-2188 2C60-2C7F A722-A787 A78B-A7CA A7D0-A7D1 A7D3 A7D5-A7D9 A7F2-A7FF AB30-AB5A AB5C-AB64 " +
                "AB66-AB69 FB00-FB06 FF21-FF3A FF41-FF5A 10780-10785 10787-107B0 107B2-107BA 1DF00-1DF1E 1DF25-1DF2A"),
            ["greek"] = ([], "370-373 375-377 37A-37D 37F 384 386 388-38A 38C 38E-3A1 3A3-3E1 3F0-3FF 1D26-1D2A 1D5D-1D61 1D66-1D6A 1DBF 1F00-1F15 " +
                "1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FC4 1FC6-1FD3 1FD6-1FDB 1FDD-1FEF 1FF2-1FF4 " +
                "1FF6-1FFE 2126 AB65 10140-1018E 101A0 1D200-1D245"),
            ["cyrillic"] = ([], "400-484 487-52F 1C80-1C88 1D2B 1D78 2DE0-2DFF A640-A69F FE2E-FE2F 1E030-1E06D 1E08F"),
            ["hebrew"] = ([], "591-5C7 5D0-5EA 5EF-5F4 FB1D-FB36 FB38-FB3C FB3E FB40-FB41 FB43-FB44 FB46-FB4F"),
            ["devanagari"] = ([], "900-950 955-963 966-97F A8E0-A8FF 11B00-11B09"),
            ["thai"] = ([], "E01-E3A E40-E5B"),
        }.ToFrozenDictionary();

    private const string OtherLowercase = "AA BA 2B0-2B8 2C0-2C1 2E0-2E4 345 37A 1D2C-1D6A 1D78 1D9B-1DBF 2071 207F 2090-209C 2170-217F 24D0-24E9 " +
        "2C7C-2C7D A69C-A69D A770 A7F8-A7F9 AB5C-AB5F";

    /// <summary>Returns the categories and ranges of a name, ignoring case, spaces, hyphens and underscores; null if the name is unknown.</summary>
    public static (IEnumerable<UnicodeCategory> Categories, IReadOnlyList<(int First, int Last)> Ranges)? Find(string name)
    {
        var plain = string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return ByName.TryGetValue(plain, out var set) ? (set.Categories, Ranges(set.Ranges)) : null;
    }

    private static List<(int First, int Last)> Ranges(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(range => range.Split('-'))
            .Select(ends => (Hex(ends[0]), Hex(ends[^1]))),
    ];

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
