using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Converts values to strings: as printed (Python's <c>str</c>) and as literals (<c>repr</c>).</summary>
internal static class Literal
{
    /// <summary>Returns the value as it is printed.</summary>
    public static string Text(object? value, Budget budget) =>
        value is TemplateObject ? new TextBuilder(budget).AppendText(value).ToString() : OfPlain(value, quotes: false);

    /// <summary>Returns the value as a literal, shortened for messages.</summary>
    public static string Short(object? value)
    {
        var text = value is TemplateObject composite ? $"a {composite.TypeName}" : OfPlain(value, quotes: true);
        return text.Length > 40 ? text[..40] + "..." : text;
    }

    public static string OfPlain(object? value, bool quotes) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => RealText.Shortest(number),
        string text => quotes ? Quote(text) : text,
        _ => throw new InvalidOperationException($"{value.GetType()} is not a template value."),
    };

    private static string Quote(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var literal = new StringBuilder(text.Length + 2).Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == quote || c == '\\')
                literal.Append('\\').Append(c);
            else if (c is '\n' or '\r' or '\t')
                literal.Append('\\').Append(c switch { '\n' => 'n', '\r' => 'r', _ => 't' });
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                AppendRune(literal, new Rune(c, text[++i]));
            else if (char.IsSurrogate(c))
                literal.Append('\\').Append(StringEscapes.Write(c));
            else
                AppendRune(literal, new Rune(c));
        }
        return literal.Append(quote).ToString();
    }

    private static void AppendRune(StringBuilder literal, Rune rune)
    {
        if (IsPrintable(rune))
            literal.Append(rune);
        else
            literal.Append('\\').Append(StringEscapes.Write(rune.Value));
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
