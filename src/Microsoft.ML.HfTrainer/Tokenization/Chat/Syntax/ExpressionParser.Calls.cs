using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

internal sealed partial class ExpressionParser
{
    /// <summary>Parses a chain of filters; if <paramref name="startsInline"/>, the first one has no bar before it.</summary>
    public List<FilterStep> ParseFilters(bool startsInline)
    {
        var filters = new List<FilterStep>();
        if (startsInline)
            filters.Add(ParseFilter());
        while (stream.TakeIfOperator("|"))
            filters.Add(ParseFilter());
        return filters;
    }

    private Expression ParseFiltersAndTests(Expression expression)
    {
        while (true)
        {
            if (stream.TakeIfOperator("|"))
                expression = new Filtered(expression, ParseFilter());
            else if (stream.Current.IsName("is"))
                expression = ParseTest(expression);
            else if (stream.Current.IsOperator("("))
                expression = new Call(expression, ParseArguments(), stream.Current.Position);
            else
                return expression;
        }
    }

    private FilterStep ParseFilter()
    {
        var position = stream.Current.Position;
        var name = ParseDottedName("the name of a filter");
        return new FilterStep(name, stream.Current.IsOperator("(") ? ParseArguments() : ArgumentList.None, position);
    }

    private Expression ParseTest(Expression value)
    {
        var position = stream.Take().Position;
        var isNegated = stream.TakeIfName("not");
        var name = ParseDottedName("the name of a test");
        var tested = new Tested(value, name, ParseTestArguments(), position);
        return isNegated ? new Unary(tested, result => !Iteration.Truth(result), position) : tested;
    }

    // A test may take one argument without parentheses.
    private ArgumentList ParseTestArguments()
    {
        var current = stream.Current;
        if (current.IsOperator("("))
            return ParseArguments();
        if (current.IsName("is"))
            throw new TemplateFault("a test cannot follow a test; put the first one in parentheses.", current.Position);
        var begins = current.Kind is TokenKind.Name or TokenKind.String or TokenKind.Number || current.IsOperator("[") || current.IsOperator("{");
        return begins && !current.IsName("else") && !current.IsName("or") && !current.IsName("and")
            ? new ArgumentList([ParsePostfix(ParsePrimary())], [])
            : ArgumentList.None;
    }

    private string ParseDottedName(string what)
    {
        var name = stream.Expect(TokenKind.Name, what).Text;
        while (stream.TakeIfOperator("."))
            name += "." + stream.Expect(TokenKind.Name, what).Text;
        return name;
    }

    private ArgumentList ParseArguments()
    {
        stream.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string Name, Expression Value)>();
        Expression? more = null, names = null;
        while (!stream.Current.IsOperator(")"))
        {
            var position = stream.Current.Position;
            var isMisplaced = names is not null;
            if (stream.TakeIfOperator("**"))
            {
                names = Parse();
            }
            else if (stream.TakeIfOperator("*"))
            {
                isMisplaced |= more is not null;
                more = Parse();
            }
            else if (stream.Current.Kind == TokenKind.Name && stream.Following.IsOperator("="))
            {
                var name = stream.Take().Text;
                stream.Take();
                named.Add((name, Parse()));
            }
            else
            {
                isMisplaced |= more is not null || named.Count > 0;
                positional.Add(Parse());
            }
            if (isMisplaced)
                throw new TemplateFault("positional arguments must precede keyword arguments.", position);
            if (!stream.TakeIfOperator(","))
                break;
        }
        stream.ExpectOperator(")");
        return new ArgumentList(positional, named, more, names);
    }
}
