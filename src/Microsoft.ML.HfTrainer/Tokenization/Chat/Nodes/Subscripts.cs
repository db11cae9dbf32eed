using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary><c>a.name</c></summary>
internal sealed class AttributeOf(Expression target, string name, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => Access.Attribute(target.Evaluate(scope), name, scope.Budget);
}

/// <summary><c>a[key]</c></summary>
internal sealed class ItemOf(Expression target, Expression key, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => Access.Item(target.Evaluate(scope), key.Evaluate(scope), scope.Budget);
}

/// <summary>A slice <c>start:stop:step</c> within brackets.</summary>
internal sealed class Slice(Expression? start, Expression? stop, Expression? step, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => new SliceValue(start?.Evaluate(scope), stop?.Evaluate(scope), step?.Evaluate(scope));
}
