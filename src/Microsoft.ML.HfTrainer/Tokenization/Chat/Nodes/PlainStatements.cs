using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>Literal text between tags.</summary>
internal sealed class TextStatement(string text, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        output.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ expression }}</c>, <c>{% print expression, expression %}</c></summary>
internal sealed class Print(IReadOnlyList<Expression> expressions, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        foreach (var expression in expressions)
            output.AppendText(expression.Evaluate(scope));
        return Flow.Next;
    }
}

/// <summary><c>{% set target = expression %}</c></summary>
internal sealed class Assignment(Target target, Expression expression, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        target.Assign(scope, expression.Evaluate(scope));
        return Flow.Next;
    }
}

/// <summary>A block whose text is passed through filters.</summary>
internal abstract class FilteredBlock(IReadOnlyList<FilterStep> filters, Block body, Position position) : Statement(position)
{
    protected sealed override Flow Execute(Scope scope, TextBuilder output)
    {
        var inner = body.Enter(scope);
        if (body.TryCapture(inner, out var value) is not Flow.Next and var flow)
            return flow;
        foreach (var filter in filters)
            value = filter.Apply(inner, value);
        Use(scope, output, value);
        return Flow.Next;
    }

    protected abstract void Use(Scope scope, TextBuilder output, object? value);
}

/// <summary><c>{% set target | filter %}...{% endset %}</c></summary>
internal sealed class CaptureAssignment(Target target, IReadOnlyList<FilterStep> filters, Block body, Position position) : FilteredBlock(filters, body, position)
{
    protected override void Use(Scope scope, TextBuilder output, object? value) => target.Assign(scope, value);
}

/// <summary><c>{% filter name %}...{% endfilter %}</c></summary>
internal sealed class FilterBlock(IReadOnlyList<FilterStep> filters, Block body, Position position) : FilteredBlock(filters, body, position)
{
    protected override void Use(Scope scope, TextBuilder output, object? value) => output.AppendText(value);
}

/// <summary>The statement <c>{% with name = expression %}...{% endwith %}</c>; the expressions are evaluated in the outer scope.</summary>
internal sealed class With(IReadOnlyList<(Target Target, Expression Value)> variables, Block body, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        var inner = body.Enter(scope);
        foreach (var (target, value) in variables)
            target.Assign(inner, value.Evaluate(scope));
        return body.Render(inner, output);
    }
}

/// <summary><c>{% break %}</c>, <c>{% continue %}</c></summary>
internal sealed class LoopControl(Flow flow, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output) => flow;
}
