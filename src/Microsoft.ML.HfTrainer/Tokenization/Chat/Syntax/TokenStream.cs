namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>Tokens one after another.</summary>
internal sealed class TokenStream(List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>The current token; the stream goes on behind it.</summary>
    public Token Take()
    {
        var token = tokens[_at];
        if (_at + 1 < tokens.Count)
            _at++;
        return token;
    }

    public bool TakeIfName(string name) => TakeIf(Current.IsName(name));

    public bool TakeIfOperator(string symbol) => TakeIf(Current.IsOperator(symbol));

    public Token Expect(TokenKind kind, string what) =>
        Current.Kind == kind ? Take() : throw Unlike(what);

    public void ExpectOperator(string symbol)
    {
        if (!TakeIfOperator(symbol))
            throw Unlike($"'{symbol}'");
    }

    public void ExpectName(string name)
    {
        if (!TakeIfName(name))
            throw Unlike($"'{name}'");
    }

    public TemplateFault Unlike(string expected) => new($"found {Current.Describe()} where {expected} belongs.", Current.Position);

    private bool TakeIf(bool isWanted)
    {
        if (isWanted)
            Take();
        return isWanted;
    }
}
