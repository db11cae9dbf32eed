using System.Globalization;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>The escape sequences of Python string literals, which Jinja2 uses.</summary>
internal static class StringEscapes
{
    private const string Letters = "abfnrtv\\'\"", Meanings = "\a\b\f\n\r\t\v\\'\"";

    public static string Decode(ReadOnlySpan<char> literal, Position position)
    {
        if (!literal.Contains('\\'))
            return literal.ToString();
        var text = new StringBuilder(literal.Length);
        for (var i = 0; i < literal.Length; i++)
        {
            if (literal[i] != '\\')
                text.Append(literal[i]);
            else
                i += Append(text, literal[(i + 1)..], position);
        }
        return text.ToString();
    }

    /// <summary>Returns the escape sequence of a code point, without the backslash.</summary>
    public static string Write(int code) => 
        (code < 256 ? "x" : code < 65536 ? "u" : "U") + code.ToString(code < 256 ? "x2" : code < 65536 ? "x4" : "x8", CultureInfo.InvariantCulture);

    // Appends the meaning of the escape sequence after a backslash, and returns its length.
    private static int Append(StringBuilder text, ReadOnlySpan<char> rest, Position position)
    {
        var c = rest[0];
        if (c == '\n')
            return 1;
        if (Letters.IndexOf(c) is >= 0 and var known)
        {
            text.Append(Meanings[known]);
            return 1;
        }
        if (c is >= '0' and <= '7')
        {
            var (length, value) = (0, 0);
            while (length < 3 && length < rest.Length && rest[length] is >= '0' and <= '7')
                value = (value * 8) + (rest[length++] - '0');
            text.Append((char)value);
            return length;
        }
        if (c is 'x' or 'u' or 'U')
        {
            var digits = c switch { 'x' => 2, 'u' => 4, _ => 8 };
            if (rest.Length <= digits || !uint.TryParse(rest.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x10FFFF)
                throw new TemplateFault($"'\\{c}' needs {digits} hexadecimal digits that name a character.", position);
            AppendCharacter(text, code);
            return digits + 1;
        }
        if (c == 'N')
            throw new TemplateFault("characters by name ('\\N{...}') are not supported; write the character itself.", position);
        text.Append('\\');
        // Jinja2 escapes characters outside ASCII before it processes backslashes, and so reads this as an escaped backslash.
        if (c > 127)
        {
            var code = char.IsHighSurrogate(c) && rest.Length > 1 && char.IsLowSurrogate(rest[1]) ? char.ConvertToUtf32(c, rest[1]) : c;
            text.Append(Write(code));
            return code < 65536 ? 1 : 2;
        }
        text.Append(c);
        return 1;
    }

    private static void AppendCharacter(StringBuilder text, uint code)
    {
        if (code < 65536)
            text.Append((char)code);
        else
            text.Append(char.ConvertFromUtf32((int)code));
    }
}
