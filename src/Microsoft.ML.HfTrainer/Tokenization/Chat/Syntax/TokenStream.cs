namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>A forward reader of tokens.</summary>
internal sealed class TokenStream(List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>Returns the current token and advances.</summary>
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
        Current.Kind == kind ? Take() : throw Expected(what);

    public void ExpectOperator(string symbol)
    {
        if (!TakeIfOperator(symbol))
            throw Expected($"'{symbol}'");
    }

    public void ExpectName(string name)
    {
        if (!TakeIfName(name))
            throw Expected($"'{name}'");
    }

    public TemplateFault Expected(string expected) => new($"expected {expected}, found {Current.Describe()}.", Current.Position);

    private bool TakeIf(bool isWanted)
    {
        if (isWanted)
            Take();
        return isWanted;
    }
}
