using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>Reads the tokens within a tag.</summary>
internal sealed class ExpressionLexer(SourceText source, List<Token> tokens)
{
    // Longer operators precede their prefixes.
    private static readonly string[] Operators =
    [
        "**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    private readonly string _text = source.Text;
    private readonly Stack<char> _open = new();

    /// <summary>Indicates whether a bracket is open, in which case an apparent end of the tag is not one.</summary>
    public bool IsOpen => _open.Count > 0;

    /// <summary>Reads the token at a position without whitespace, and returns the position after it.</summary>
    public int Read(int at)
    {
        var c = _text[at];
        if (char.IsAsciiDigit(c))
            return ReadNumber(at);
        if (c is '\'' or '"')
            return ReadString(at);
        var end = EndOfName(at);
        return end > at ? Add(TokenKind.Name, _text[at..end], at, end) : ReadOperator(at);
    }

    private int Add(TokenKind kind, string text, int start, int end, object? number = null)
    {
        tokens.Add(new Token(kind, text, source.At(start), number));
        return end;
    }

    private int EndOfName(int at)
    {
        while (at < _text.Length && Rune.DecodeFromUtf16(_text.AsSpan(at), out var rune, out var length) == OperationStatus.Done && IsOfName(rune))
            at += length;
        return at;
    }

    private static bool IsOfName(Rune rune) => rune.Value == '_' || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber;

    private int ReadOperator(int at)
    {
        foreach (var symbol in Operators)
        {
            if (!_text.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal))
                continue;
            Balance(symbol[0], at);
            return Add(TokenKind.Operator, symbol, at, at + symbol.Length);
        }
        throw new TemplateFault($"unexpected character '{_text[at]}'.", source.At(at));
    }

    private void Balance(char c, int at)
    {
        if (c is '(' or '[' or '{')
            _open.Push(c switch { '(' => ')', '[' => ']', _ => '}' });
        if (c is not (')' or ']' or '}'))
            return;
        if (!_open.TryPop(out var expected))
            throw new TemplateFault($"'{c}' closes nothing.", source.At(at));
        if (expected != c)
            throw new TemplateFault($"found '{c}' where '{expected}' is missing.", source.At(at));
    }

    private int ReadNumber(int start)
    {
        var end = EndOfFloat(start);
        if (end > start)
        {
            var real = double.Parse(_text[start..end].Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture);
            return Add(TokenKind.Number, _text[start..end], start, end, real);
        }
        var (radix, prefix) = _text[start] == '0' && start + 1 < _text.Length
            ? char.ToLowerInvariant(_text[start + 1]) switch { 'x' => (16, 2), 'o' => (8, 2), 'b' => (2, 2), _ => (10, 0) }
            : (10, 0);
        end = start + prefix;
        while (end < _text.Length && (IsDigit(_text[end], radix) || (_text[end] == '_' && end + 1 < _text.Length && IsDigit(_text[end + 1], radix))))
            end++;
        var digits = _text[(start + prefix)..end].Replace("_", "");
        if (digits.Length is 0 or > 4000)
            throw new TemplateFault("this is not a number.", source.At(start));
        var value = BigInteger.Zero;
        foreach (var digit in digits)
            value = (value * radix) + Convert.ToInt32(digit.ToString(), 16);
        return Add(TokenKind.Number, digits, start, end, Integers.Normalize(value));
    }

    private static bool IsDigit(char c, int radix) =>
        radix == 16 ? char.IsAsciiHexDigit(c) : c >= '0' && c < '0' + radix;

    // Returns the end of a number with a fraction, an exponent or both; the start if there is none.
    private int EndOfFloat(int start)
    {
        var whole = EndOfDigits(start);
        var fraction = At(whole) == '.' ? EndOfDigits(whole + 1) : whole;
        if (fraction == whole + 1)
            fraction = whole;
        if (At(fraction) is 'e' or 'E')
        {
            var sign = At(fraction + 1) is '+' or '-' ? fraction + 2 : fraction + 1;
            if (EndOfDigits(sign) is var exponent && exponent > sign)
                return exponent;
        }
        return fraction > whole && !(start > 0 && _text[start - 1] == '.') ? fraction : start;
    }

    private int EndOfDigits(int at)
    {
        while (Digits.Contains(At(at)) || (At(at) == '_' && at > 0 && Digits.Contains(At(at - 1)) && Digits.Contains(At(at + 1))))
            at++;
        return at;
    }

    private char At(int at) => at < _text.Length ? _text[at] : default;

    private int ReadString(int start)
    {
        var quote = _text[start];
        var end = start + 1;
        while (At(end) != quote)
        {
            end += At(end) == '\\' ? 2 : 1;
            if (end >= _text.Length)
                throw new TemplateFault("this string is not terminated.", source.At(start));
        }
        var text = StringEscapes.Decode(_text.AsSpan(start + 1, end - start - 1), source.At(start));
        return Add(TokenKind.String, text, start, end + 1);
    }
}
