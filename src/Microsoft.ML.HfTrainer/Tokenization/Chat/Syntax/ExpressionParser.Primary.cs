using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

internal sealed partial class ExpressionParser
{
    private Expression ParsePrimary()
    {
        var token = stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Take();
                return ParseName(token);
            case TokenKind.Number:
                return new Constant(stream.Take().Number, token.Position);
            case TokenKind.String:
                var text = stream.Take().Text;
                while (stream.Current.Kind == TokenKind.String)
                    text += stream.Take().Text;
                return new Constant(text, token.Position);
            case TokenKind.Operator when stream.TakeIfOperator("("):
                var inner = ParseTuple(mayBeEmpty: true);
                stream.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when stream.TakeIfOperator("["):
                return new ListLiteral(ParseItems("]", () => Parse()), token.Position);
            case TokenKind.Operator when stream.TakeIfOperator("{"):
                return new MappingLiteral(ParseItems("}", ParseEntry), token.Position);
            default:
                throw stream.Expected("an expression");
        }
    }

    private Expression ParseName(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Constant(true, token.Position);
            case "false" or "False":
                return new Constant(false, token.Position);
            case "none" or "None":
                return new Constant(null, token.Position);
            default:
                Read.Add(token.Text);
                Names.Read(token.Text);
                return new Variable(token.Text, token.Position);
        }
    }

    private (Expression Key, Expression Value) ParseEntry()
    {
        var key = Parse();
        stream.ExpectOperator(":");
        return (key, Parse());
    }

    private List<T> ParseItems<T>(string close, Func<T> parse)
    {
        var items = new List<T>();
        while (!stream.Current.IsOperator(close))
        {
            items.Add(parse());
            if (!stream.TakeIfOperator(","))
                break;
        }
        stream.ExpectOperator(close);
        return items;
    }

    private Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            var position = stream.Current.Position;
            if (stream.TakeIfOperator("."))
                expression = ParseAttribute(expression, position);
            else if (stream.TakeIfOperator("["))
                expression = ParseSubscript(expression, position);
            else if (stream.Current.IsOperator("("))
                expression = new Call(expression, ParseArguments(), position);
            else
                return expression;
        }
    }

    private Expression ParseAttribute(Expression target, Position position) => stream.Current.Kind switch
    {
        TokenKind.Name => new AttributeOf(target, stream.Take().Text, position),
        TokenKind.Number when stream.Current.Number is long => new ItemOf(target, new Constant(stream.Take().Number, position), position),
        _ => throw stream.Expected("the name of an attribute"),
    };

    private Expression ParseSubscript(Expression target, Position position)
    {
        var keys = ParseItems("]", ParseKey);
        return keys.Count == 0
            ? throw new TemplateFault("'[]' has no key.", position)
            : new ItemOf(target, keys.Count == 1 ? keys[0] : new TupleLiteral(keys, position), position);
    }

    private Expression ParseKey()
    {
        var position = stream.Current.Position;
        var start = stream.Current.IsOperator(":") ? null : Parse();
        if (!stream.TakeIfOperator(":"))
            return start!;
        var stop = IsEndOfBound() ? null : Parse();
        var step = stream.TakeIfOperator(":") && !IsEndOfBound() ? Parse() : null;
        return new Slice(start, stop, step, position);
    }

    private bool IsEndOfBound() => stream.Current.IsOperator(":") || stream.Current.IsOperator("]") || stream.Current.IsOperator(",");
}
