using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>Parses expressions: one method for each step of precedence, from the loosest to the tightest.</summary>
internal sealed class ExpressionParser(TokenStream stream)
{
    private static readonly string[] Sums = ["+", "-"], Products = ["*", "/", "//", "%"], Powers = ["**"];

    /// <summary>The variables read since the beginning.</summary>
    public HashSet<string> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the block that is being parsed.</summary>
    public BlockNames Names { get; set; } = new(null);

    /// <summary>An expression, or several with commas between them as a tuple, which may end in a comma.</summary>
    /// <param name="conditional">Whether <c>a if b else c</c> is taken.</param>
    /// <param name="stop">A name that ends the tuple.</param>
    /// <param name="mayBeEmpty">Whether there need not be any.</param>
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
            throw stream.Unlike("an expression");
        return new TupleLiteral(items, position);
    }

    /// <summary>Expressions with commas between them, up to the end of the tag.</summary>
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

    /// <summary>What a value is assigned to: names, perhaps in brackets, with commas between them; attributes of namespaces where those may be.</summary>
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
        return targets.Count == 0 ? throw stream.Unlike("the name of a variable") : isTuple ? new TupleTarget(targets) : targets[0];
    }

    /// <summary>Filters one after another; the first without a bar where <paramref name="startsInline"/>.</summary>
    public List<FilterStep> ParseFilters(bool startsInline)
    {
        var filters = new List<FilterStep>();
        if (startsInline)
            filters.Add(ParseFilter());
        while (stream.TakeIfOperator("|"))
            filters.Add(ParseFilter());
        return filters;
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
            ? throw new TemplateFault($"'{name.Text}' cannot be set.", name.Position)
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
            left = new Connective(isOr: true, left, Behind(ParseAnd, out var position), position);
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (stream.Current.IsName("and"))
            left = new Connective(isOr: false, left, Behind(ParseNot, out var position), position);
        return left;
    }

    private Expression ParseNot()
    {
        Budget.CheckDepth();
        return stream.Current.IsName("not")
            ? new Unary(Behind(ParseNot, out var position), value => !Iteration.Truth(value), position)
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
            left = new Binary(symbol, left, Behind(parseOperand, out var position), position);
        }
        return left;
    }

    private Expression ParseUnary(bool filters)
    {
        Budget.CheckDepth();
        var expression = stream.Current.IsOperator("-") ? new Unary(Behind(() => ParseUnary(filters: false), out var minus), Arithmetic.Negate, minus)
            : stream.Current.IsOperator("+") ? new Unary(Behind(() => ParseUnary(filters: false), out var plus), Arithmetic.Plus, plus)
            : ParsePrimary();
        expression = ParsePostfix(expression);
        return filters ? ParseFiltersAndTests(expression) : expression;
    }

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
                throw stream.Unlike("an expression");
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
        _ => throw stream.Unlike("the name of an attribute"),
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

    // A test may be given one argument without brackets.
    private ArgumentList ParseTestArguments()
    {
        var current = stream.Current;
        if (current.IsOperator("("))
            return ParseArguments();
        if (current.IsName("is"))
            throw new TemplateFault("a test cannot follow a test; put the first one in brackets.", current.Position);
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
                throw new TemplateFault("the arguments are not in order: first those by position, then those by name.", position);
            if (!stream.TakeIfOperator(","))
                break;
        }
        stream.ExpectOperator(")");
        return new ArgumentList(positional, named, more, names);
    }

    private T Behind<T>(Func<T> parse, out Position position)
    {
        position = stream.Take().Position;
        return parse();
    }
}
