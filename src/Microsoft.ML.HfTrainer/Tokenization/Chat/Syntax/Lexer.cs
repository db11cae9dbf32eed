using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>
/// Splits a template into text and tags, and strips whitespace between them with <c>trim_blocks</c> and <c>lstrip_blocks</c>: a block or comment
/// absorbs the line end after it and the spaces before it on its line; the sign <c>-</c> strips all whitespace, <c>+</c> strips none.
/// </summary>
internal sealed class Lexer
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _at;

    private Lexer(string template)
    {
        _source = new SourceText(template);
        _text = _source.Text;
    }

    public static List<Token> Read(string template)
    {
        var lexer = new Lexer(template);
        while (lexer.ReadTextAndTag())
        {
        }
        lexer._tokens.Add(new Token(TokenKind.End, "", lexer._source.At(lexer._text.Length)));
        return lexer._tokens;
    }

    private bool ReadTextAndTag()
    {
        var start = FindTag(_at);
        if (start < 0)
        {
            AddText(_at, _text.Length);
            return false;
        }
        var kind = _text[start + 1];
        if (kind == '%' && MatchRaw(start) is { } raw)
        {
            AddText(_at, EndOfText(start, raw.Sign, isVariable: false));
            _at = raw.End;
            ReadRaw(start);
            return true;
        }
        var sign = SignAt(start + 2);
        AddText(_at, EndOfText(start, sign, kind == '{'));
        _at = start + (sign == default ? 2 : 3);
        if (kind == '#')
            SkipComment(start);
        else
            ReadTag(start, kind == '{');
        return true;
    }

    private int FindTag(int from)
    {
        for (var i = _text.IndexOf('{', from); i >= 0 && i + 1 < _text.Length; i = _text.IndexOf('{', i + 1))
        {
            if (_text[i + 1] is '%' or '{' or '#')
                return i;
        }
        return -1;
    }

    // Returns the end of the text before a tag after the tag has stripped whitespace.
    private int EndOfText(int tag, char sign, bool isVariable)
    {
        var end = tag;
        if (sign == '-')
        {
            while (end > _at && Whitespace.Is(_text[end - 1]))
                end--;
            return end;
        }
        if (sign == '+' || isVariable)
            return end;
        while (end > _at && _text[end - 1] != '\n' && Whitespace.Is(_text[end - 1]))
            end--;
        var isAtLineStart = end == 0 || _text[end - 1] == '\n';
        return isAtLineStart ? end : tag;
    }

    private void AddText(int start, int end)
    {
        if (end > start)
            _tokens.Add(new Token(TokenKind.Text, _text[start..end], _source.At(start)));
    }

    private void SkipComment(int start)
    {
        var end = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw new TemplateFault("this comment is not closed; add '#}'.", _source.At(start));
        _at = EndOfTag(end, end > _at ? SignAt(end - 1) : default, trims: true);
    }

    private (char Sign, int End)? MatchRaw(int start)
    {
        var sign = SignAt(start + 2);
        var at = MatchWord(start + (sign == default ? 2 : 3), "raw");
        var closing = at < 0 ? default : SignAt(at);
        if (at < 0 || closing == '+' || !IsAt(closing == default ? at : at + 1, "%}"))
            return null;
        return (sign, EndOfTag(closing == default ? at : at + 1, closing, trims: false));
    }

    private void ReadRaw(int start)
    {
        for (var i = _text.IndexOf("{%", _at, StringComparison.Ordinal); i >= 0; i = _text.IndexOf("{%", i + 1, StringComparison.Ordinal))
        {
            var sign = SignAt(i + 2);
            var at = MatchWord(i + (sign == default ? 2 : 3), "endraw");
            var closing = at < 0 ? default : SignAt(at);
            if (at < 0 || !IsAt(closing == default ? at : at + 1, "%}"))
                continue;
            AddText(_at, EndOfText(i, sign, isVariable: false));
            _at = EndOfTag(closing == default ? at : at + 1, closing, trims: true);
            return;
        }
        throw new TemplateFault("'raw' is not closed; add '{% endraw %}'.", _source.At(start));
    }

    // Returns the position after a word surrounded by optional whitespace, or -1.
    private int MatchWord(int at, string word)
    {
        at = SkipWhitespace(at);
        return IsAt(at, word) ? SkipWhitespace(at + word.Length) : -1;
    }

    private void ReadTag(int start, bool isVariable)
    {
        var (close, begin, end) = isVariable
            ? ("}}", TokenKind.VariableBegin, TokenKind.VariableEnd)
            : ("%}", TokenKind.BlockBegin, TokenKind.BlockEnd);
        _tokens.Add(new Token(begin, "", _source.At(start)));
        var expressions = new ExpressionLexer(_source, _tokens);
        while ((_at = SkipWhitespace(_at)) < _text.Length)
        {
            var sign = SignAt(_at);
            var closing = sign == default ? _at : _at + 1;
            if (!expressions.IsOpen && IsAt(closing, close) && !(isVariable && sign == '+'))
            {
                _tokens.Add(new Token(end, "", _source.At(_at)));
                _at = EndOfTag(closing, sign, trims: !isVariable);
                return;
            }
            _at = expressions.Read(_at);
        }
    }

    // Returns the position after the closing delimiter and the whitespace it strips: all of it, or one line end.
    private int EndOfTag(int close, char sign, bool trims)
    {
        var at = close + 2;
        return sign == '-' ? SkipWhitespace(at)
            : sign == default && trims && at < _text.Length && _text[at] == '\n' ? at + 1
            : at;
    }

    private char SignAt(int at) => at < _text.Length && _text[at] is '-' or '+' ? _text[at] : default;

    private bool IsAt(int at, string word) => at <= _text.Length && _text.AsSpan(at).StartsWith(word, StringComparison.Ordinal);

    private int SkipWhitespace(int at)
    {
        while (at < _text.Length && Whitespace.Is(_text[at]))
            at++;
        return at;
    }
}
