using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

/// <summary>Parses templates.</summary>
internal sealed class StatementParser
{
    private static readonly string[] NeedOtherTemplates = ["block", "extends", "from", "import", "include"];

    private readonly Dictionary<string, Func<Position, Statement>> _statements;
    private readonly TokenStream _stream;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private StatementParser(string template)
    {
        _stream = new TokenStream(Lexer.Read(template));
        _expressions = new ExpressionParser(_stream);
        _statements = new()
        {
            ["if"] = ParseIf,
            ["for"] = ParseFor,
            ["set"] = ParseSet,
            ["macro"] = ParseMacro,
            ["call"] = ParseCall,
            ["filter"] = position => new FilterBlock(_expressions.ParseFilters(startsInline: true), ParseBlock([], "endfilter"), position),
            ["with"] = ParseWith,
            ["generation"] = position => new GenerationBlock(ParseOutsideLoops(() => ParseBlock([], "endgeneration")), position),
            ["print"] = position => new Print(_expressions.ParseList(TokenKind.BlockEnd), position),
            ["break"] = position => ParseLoopControl(Flow.Break, position),
            ["continue"] = position => ParseLoopControl(Flow.Continue, position),
        };
    }

    public static Block Parse(string template)
    {
        var parser = new StatementParser(template);
        return new Block(parser.ParseStatements([], ""), parser._expressions.Names);
    }

    // Parses statements up to a tag with one of these names, and consumes that name.
    private Body ParseStatements(string[] ends, string opening)
    {
        Budget.CheckDepth();
        var statements = new List<Statement>();
        while (_stream.Current.Kind != TokenKind.End)
        {
            var token = _stream.Take();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    statements.Add(new TextStatement(token.Text, token.Position));
                    break;
                case TokenKind.VariableBegin:
                    statements.Add(new Print([_expressions.ParseTuple()], token.Position));
                    _stream.Expect(TokenKind.VariableEnd, "'}}'");
                    break;
                case TokenKind.BlockBegin when ends.Any(_stream.Current.IsName):
                    return new Body(statements);
                default:
                    statements.Add(ParseStatement(ends));
                    _stream.Expect(TokenKind.BlockEnd, "'%}'");
                    break;
            }
        }
        return ends.Length == 0 ? new Body(statements) : throw _stream.Expected($"'{{% {ends[^1]} %}}' of {opening}");
    }

    private Statement ParseStatement(string[] ends)
    {
        var tag = _stream.Expect(TokenKind.Name, "the name of a tag");
        if (_statements.TryGetValue(tag.Text, out var parse))
            return parse(tag.Position);
        if (NeedOtherTemplates.Contains(tag.Text))
            throw new TemplateFault($"the tag '{tag.Text}' is not supported, because a chat template cannot refer to other templates.", tag.Position);
        var known = ends.Length > 0 ? $"expected {string.Join(" or ", ends.Select(end => $"'{end}'"))}" : $"there are {string.Join(", ", _statements.Keys)}";
        throw new TemplateFault($"unexpected tag '{tag.Text}'; {known}.", tag.Position);
    }

    // Parses the statements between the current tag and the one that ends it.
    private Body ParseBody(params string[] ends)
    {
        var opening = $"the tag that ends at line {_stream.Current.Position.Line}, column {_stream.Current.Position.Column}";
        _stream.TakeIfOperator(":");
        _stream.Expect(TokenKind.BlockEnd, "'%}'");
        var body = ParseStatements(ends, opening);
        if (ends.Length == 1)
            _stream.Take();
        return body;
    }

    // Parses the same with a scope of its own, in which some variables are set initially.
    private Block ParseBlock(IEnumerable<string> given, params string[] ends)
    {
        var names = Enter(new BlockNames(_expressions.Names), out var outer);
        foreach (var name in given)
            names.Read(name);
        var body = ParseBody(ends);
        Enter(outer, out _);
        return new Block(body, names);
    }

    // Parses an expression that is evaluated inside another block, whose names are not known yet.
    private T ParseDeferred<T>(Func<T> parse)
    {
        Enter(new BlockNames(_expressions.Names), out var outer);
        var parsed = parse();
        Enter(outer, out _);
        return parsed;
    }

    private BlockNames Enter(BlockNames names, out BlockNames outer)
    {
        outer = _expressions.Names;
        return _expressions.Names = names;
    }

    private If ParseIf(Position position)
    {
        var branches = new List<(Expression Condition, Body Body)>();
        Body? otherwise = null;
        var names = _expressions.Names;
        names.Branches++;
        do
            branches.Add((_expressions.ParseTuple(conditional: false), ParseBody("elif", "else", "endif")));
        while (_stream.TakeIfName("elif"));
        if (_stream.TakeIfName("else"))
            otherwise = ParseBody("endif");
        else
            _stream.ExpectName("endif");
        names.Branches--;
        return new If(branches, otherwise, position);
    }

    private For ParseFor(Position position)
    {
        var target = _expressions.ParseTarget(attributes: false, stop: "in");
        _stream.ExpectName("in");
        var sequence = _expressions.ParseTuple(conditional: false, stop: "recursive");
        var condition = _stream.TakeIfName("if") ? ParseDeferred(() => _expressions.Parse()) : null;
        var isRecursive = _stream.TakeIfName("recursive");
        _loops++;
        var body = ParseBlock([.. target.Names, "loop"], "endfor", "else");
        _loops--;
        var otherwise = _stream.TakeIfName("else") ? ParseBlock([], "endfor") : null;
        if (otherwise is null)
            _stream.ExpectName("endfor");
        return new For(target, sequence, condition, isRecursive, body, otherwise, position);
    }

    // The value is evaluated before the target is assigned.
    private Statement ParseSet(Position position)
    {
        var target = _expressions.ParseTarget(attributes: true);
        var value = _stream.TakeIfOperator("=") ? _expressions.ParseTuple() : null;
        foreach (var name in target.Names)
            _expressions.Names.Set(name);
        return value is not null
            ? new Assignment(target, value, position)
            : new CaptureAssignment(target, ParseDeferred(() => _expressions.ParseFilters(startsInline: false)), ParseBlock([], "endset"), position);
    }

    private Macro ParseMacro(Position position)
    {
        var name = _stream.Expect(TokenKind.Name, "the name of the macro").Text;
        _expressions.Names.Set(name);
        Enter(new BlockNames(_expressions.Names), out var outer);
        var definition = ParseDefinition(name, ParseParameters(), "endmacro");
        Enter(outer, out _);
        return new Macro(definition, position);
    }

    // The parameters and body have a scope of their own; the call itself belongs to the outer block.
    private CallBlock ParseCall(Position position)
    {
        var inner = Enter(new BlockNames(_expressions.Names), out var outer);
        var parameters = _stream.Current.IsOperator("(") ? ParseParameters() : [];
        Enter(outer, out _);
        var call = _expressions.Parse() as Call ?? throw new TemplateFault("'call' needs a call, such as 'name(arguments)'.", position);
        Enter(inner, out _);
        var definition = ParseDefinition(null, parameters, "endcall");
        Enter(outer, out _);
        return new CallBlock(call, definition, position);
    }

    private MacroDefinition ParseDefinition(string? name, List<(string Name, Expression? Default)> parameters, string end)
    {
        // The names that the body reads determine which arguments it accepts; the names read before are restored afterwards.
        string[] before = [.. _expressions.Read];
        _expressions.Read.Clear();
        var body = ParseOutsideLoops(() => ParseBody(end));
        var (more, names, caller) = (Takes("varargs"), Takes("kwargs"), Takes("caller"));
        _expressions.Read.UnionWith(before);
        return new MacroDefinition(name, parameters, new Block(body, _expressions.Names), more, names, caller);

        bool Takes(string special) => _expressions.Read.Contains(special) && parameters.TrueForAll(parameter => parameter.Name != special);
    }

    private List<(string Name, Expression? Default)> ParseParameters()
    {
        var parameters = new List<(string Name, Expression? Default)>();
        _stream.ExpectOperator("(");
        while (!_stream.Current.IsOperator(")"))
        {
            var name = _stream.Expect(TokenKind.Name, "the name of a parameter");
            var otherwise = _stream.TakeIfOperator("=") ? _expressions.Parse() : null;
            if (otherwise is null && parameters is [.., (_, not null)])
                throw new TemplateFault($"'{name.Text}' needs a default: the parameter before it has one.", name.Position);
            parameters.Add((name.Text, otherwise));
            _expressions.Names.Read(name.Text);
            if (!_stream.TakeIfOperator(","))
                break;
        }
        _stream.ExpectOperator(")");
        return parameters;
    }

    private With ParseWith(Position position)
    {
        var variables = new List<(Target Target, Expression Value)>();
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            var name = _stream.Expect(TokenKind.Name, "the name of a variable").Text;
            _stream.ExpectOperator("=");
            variables.Add((new NameTarget(name), _expressions.Parse()));
            if (!_stream.TakeIfOperator(","))
                break;
        }
        return new With(variables, ParseBlock(variables.SelectMany(variable => variable.Target.Names), "endwith"), position);
    }

    private LoopControl ParseLoopControl(Flow flow, Position position) => _loops > 0
        ? new LoopControl(flow, position)
        : throw new TemplateFault($"'{(flow == Flow.Break ? "break" : "continue")}' is outside a loop.", position);

    // The body of a macro is not part of the loop around it.
    private T ParseOutsideLoops<T>(Func<T> parse)
    {
        var loops = _loops;
        _loops = 0;
        var parsed = parse();
        _loops = loops;
        return parsed;
    }
}
