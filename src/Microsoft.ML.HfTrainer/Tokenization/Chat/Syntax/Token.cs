using System.Globalization;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>The kinds of template tokens.</summary>
internal enum TokenKind
{
    Text,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Number,
    Operator,
    End,
}

/// <summary>A token: its source text or, if it differs, its meaning; for numbers with the value.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Position Position, object? Number = null)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public bool IsName(string name) => Is(TokenKind.Name, name);

    public bool IsOperator(string symbol) => Is(TokenKind.Operator, symbol);

    /// <summary>Describes the token for messages.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Text => "text",
        TokenKind.VariableBegin => "'{{'",
        TokenKind.VariableEnd => "'}}'",
        TokenKind.BlockBegin => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.String => $"the string '{(Text.Length > 40 ? Text[..40] + "..." : Text)}'",
        TokenKind.Number => string.Create(CultureInfo.InvariantCulture, $"the number {Number}"),
        TokenKind.End => "the end of the template",
        _ => $"'{Text}'",
    };
}
