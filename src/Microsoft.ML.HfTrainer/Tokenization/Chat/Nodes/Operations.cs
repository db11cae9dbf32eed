using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>A unary operator.</summary>
internal sealed class Unary(Expression operand, Func<object?, object?> apply, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => apply(operand.Evaluate(scope));
}

/// <summary>A binary arithmetic operator.</summary>
internal sealed class Binary(string symbol, Expression left, Expression right, Position position) : Expression(position)
{
    private readonly Func<object?, object?, Budget, object?> _apply = Arithmetic.Operators[symbol];

    protected override object? Compute(Scope scope) => _apply(left.Evaluate(scope), right.Evaluate(scope), scope.Budget);
}

/// <summary>The operator <c>a ~ b</c>: converts values to strings and concatenates them.</summary>
internal sealed class Concatenation(IReadOnlyList<Expression> parts, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope)
    {
        var text = new TextBuilder(scope.Budget);
        foreach (var part in parts)
            text.AppendText(part.Evaluate(scope));
        return text.ToString();
    }
}

/// <summary>A comparison chain <c>a &lt; b == c</c>: true if every comparison is; evaluation stops at the first that is false.</summary>
internal sealed class Comparisons(Expression first, IReadOnlyList<(string Symbol, Expression Operand)> others, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope)
    {
        var left = first.Evaluate(scope);
        foreach (var (symbol, operand) in others)
        {
            var right = operand.Evaluate(scope);
            if (!Comparison.Apply(symbol, left, right, scope.Budget))
                return false;
            left = right;
        }
        return true;
    }
}

/// <summary>The operators <c>a and b</c>, <c>a or b</c>, which return the operand that decides.</summary>
internal sealed class Connective(bool isOr, Expression left, Expression right, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) =>
        left.Evaluate(scope) is var value && Iteration.Truth(value) == isOr ? value : right.Evaluate(scope);
}

/// <summary><c>a if condition else b</c></summary>
internal sealed class Conditional(Expression condition, Expression whenTrue, Expression? whenFalse, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) =>
        Iteration.Truth(condition.Evaluate(scope)) ? whenTrue.Evaluate(scope)
        : whenFalse is not null ? whenFalse.Evaluate(scope)
        : Undefined.Because($"the 'if' in line {Position.Line} is false and has no 'else'.");
}
