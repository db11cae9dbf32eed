using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>A literal number or string, true, false or none.</summary>
internal sealed class Constant(object? value, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => value;
}

/// <summary>A variable.</summary>
internal sealed class Variable(string name, Position position) : Expression(position)
{
    public string Name => name;

    protected override object? Compute(Scope scope) => scope.Find(name);
}

/// <summary><c>[a, b]</c></summary>
internal sealed class ListLiteral(IReadOnlyList<Expression> items, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => new ListValue([.. items.Select(item => item.Evaluate(scope))]);
}

/// <summary><c>a, b</c></summary>
internal sealed class TupleLiteral(IReadOnlyList<Expression> items, Position position) : Expression(position)
{
    public IReadOnlyList<Expression> Items => items;

    protected override object? Compute(Scope scope) => new TupleValue([.. items.Select(item => item.Evaluate(scope))]);
}

/// <summary><c>{a: b}</c></summary>
internal sealed class MappingLiteral(IReadOnlyList<(Expression Key, Expression Value)> entries, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope)
    {
        var mapping = new MappingValue(entries.Count);
        foreach (var (key, value) in entries)
            mapping.Add(key.Evaluate(scope), value.Evaluate(scope));
        return mapping;
    }
}
