using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>Parses expressions by recursive descent: one method per precedence level, from the lowest to the highest.</summary>
internal sealed partial class ExpressionParser(TokenStream stream)
{
    private static readonly string[] Sums = ["+", "-"], Products = ["*", "/", "//", "%"], Powers = ["**"];

    /// <summary>The variables read so far.</summary>
    public HashSet<string> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the block that is being parsed.</summary>
    public BlockNames Names { get; set; } = new(null);

    /// <summary>Parses an expression, or a tuple of several separated by commas, optionally with a trailing comma.</summary>
    /// <param name="conditional">True to allow <c>a if b else c</c>.</param>
    /// <param name="stop">A name that ends the tuple.</param>
    /// <param name="mayBeEmpty">True to allow an empty tuple.</param>
    public Expression ParseTuple(bool conditional = true, string? stop = null, bool mayBeEmpty = false)
    {
        var position = stream.Current.Position;
        var items = new List<Expression>();
        var isTuple = false;
        while (!IsEndOfTuple(stop))
        {
            items.Add(Parse(conditional));
            if (!stream.TakeIfOperator(","))
                break;
            isTuple = true;
        }
        if (!isTuple && items.Count == 1)
            return items[0];
        if (items.Count == 0 && !mayBeEmpty)
            throw stream.Expected("an expression");
        return new TupleLiteral(items, position);
    }

    /// <summary>Parses expressions separated by commas up to the end of the tag.</summary>
    public List<Expression> ParseList(TokenKind end)
    {
        var expressions = new List<Expression>();
        while (stream.Current.Kind != end)
        {
            expressions.Add(Parse());
            if (!stream.TakeIfOperator(","))
                break;
        }
        return expressions;
    }

    public Expression Parse(bool conditional = true) => conditional ? ParseConditional() : ParseOr();

    /// <summary>Parses an assignment target: names separated by commas, optionally in parentheses, or attributes of namespaces if allowed.</summary>
    public Target ParseTarget(bool attributes, string? stop = null)
    {
        var targets = new List<Target>();
        var isTuple = false;
        while (!IsEndOfTuple(stop))
        {
            targets.Add(ParseOneTarget(attributes));
            if (!stream.TakeIfOperator(","))
                break;
            isTuple = true;
        }
        return targets.Count == 0 ? throw stream.Expected("the name of a variable") : isTuple ? new TupleTarget(targets) : targets[0];
    }

    private bool IsEndOfTuple(string? stop) =>
        stream.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd or TokenKind.End || stream.Current.IsOperator(")")
        || (stop is not null && stream.Current.IsName(stop));

    private Target ParseOneTarget(bool attributes)
    {
        Budget.CheckDepth();
        if (stream.TakeIfOperator("("))
        {
            var inner = ParseTarget(attributes);
            stream.ExpectOperator(")");
            return inner;
        }
        var name = stream.Expect(TokenKind.Name, "the name of a variable");
        if (attributes && stream.Current.IsOperator("."))
            Names.Read(name.Text);
        if (attributes && stream.TakeIfOperator("."))
            return new NamespaceTarget(name.Text, stream.Expect(TokenKind.Name, "the name of an attribute").Text);
        return name.Text is "true" or "True" or "false" or "False" or "none" or "None" or "loop"
            ? throw new TemplateFault($"'{name.Text}' cannot be assigned.", name.Position)
            : new NameTarget(name.Text);
    }

    private Expression ParseConditional()
    {
        Budget.CheckDepth();
        var expression = ParseOr();
        while (stream.Current.IsName("if"))
        {
            var position = stream.Take().Position;
            var condition = ParseOr();
            var otherwise = stream.TakeIfName("else") ? ParseConditional() : null;
            expression = new Conditional(condition, expression, otherwise, position);
        }
        return expression;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (stream.Current.IsName("or"))
            left = new Connective(isOr: true, left, AfterOperator(ParseAnd, out var position), position);
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (stream.Current.IsName("and"))
            left = new Connective(isOr: false, left, AfterOperator(ParseNot, out var position), position);
        return left;
    }

    private Expression ParseNot()
    {
        Budget.CheckDepth();
        return stream.Current.IsName("not")
            ? new Unary(AfterOperator(ParseNot, out var position), value => !Iteration.Truth(value), position)
            : ParseComparison();
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var position = stream.Current.Position;
        var others = new List<(string Symbol, Expression Operand)>();
        while (ComparisonSymbol() is { } symbol)
        {
            stream.Take();
            if (symbol == "not in")
                stream.Take();
            others.Add((symbol, ParseSum()));
        }
        return others.Count == 0 ? first : new Comparisons(first, others, position);
    }

    private string? ComparisonSymbol()
    {
        var current = stream.Current;
        return current.IsName("not") ? stream.Following.IsName("in") ? "not in" : null
            : current.Kind is TokenKind.Operator or TokenKind.Name && Comparison.Symbols.Contains(current.Text) ? current.Text
            : null;
    }

    private Expression ParseSum() => ParseBinary(Sums, ParseConcatenation);

    private Expression ParseConcatenation()
    {
        var position = stream.Current.Position;
        List<Expression> parts = [ParseProduct()];
        while (stream.TakeIfOperator("~"))
            parts.Add(ParseProduct());
        return parts.Count == 1 ? parts[0] : new Concatenation(parts, position);
    }

    private Expression ParseProduct() => ParseBinary(Products, ParsePower);

    private Expression ParsePower() => ParseBinary(Powers, () => ParseUnary(filters: true));

    private Expression ParseBinary(string[] symbols, Func<Expression> parseOperand)
    {
        var left = parseOperand();
        while (stream.Current.Kind == TokenKind.Operator && symbols.Contains(stream.Current.Text))
        {
            var symbol = stream.Current.Text;
            left = new Binary(symbol, left, AfterOperator(parseOperand, out var position), position);
        }
        return left;
    }

    private Expression ParseUnary(bool filters)
    {
        Budget.CheckDepth();
        var expression = stream.Current.IsOperator("-") ? new Unary(AfterOperator(() => ParseUnary(filters: false), out var minus), Arithmetic.Negate, minus)
            : stream.Current.IsOperator("+") ? new Unary(AfterOperator(() => ParseUnary(filters: false), out var plus), Arithmetic.Plus, plus)
            : ParsePrimary();
        expression = ParsePostfix(expression);
        return filters ? ParseFiltersAndTests(expression) : expression;
    }

    private T AfterOperator<T>(Func<T> parse, out Position position)
    {
        position = stream.Take().Position;
        return parse();
    }
}
