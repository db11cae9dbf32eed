using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary><c>f(arguments)</c></summary>
internal sealed class Call(Expression callee, ArgumentList arguments, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => Invoke(scope, caller: null);

    /// <summary>Calls with the body of a <c>{% call %}</c> block as <c>caller</c>.</summary>
    public object? Invoke(Scope scope, MacroValue? caller)
    {
        var target = callee.Evaluate(scope);
        var given = arguments.Evaluate(scope);
        if (target is not ICallable callable)
            throw (target as Undefined)?.Fault() ?? new TemplateFault($"{TypeNames.WithArticle(target)} cannot be called.");
        return callable.Call(scope.Context, caller is null ? given : given with { Named = [.. given.Named, KeyValuePair.Create("caller", (object?)caller)] });
    }
}

/// <summary>A filter with its arguments, still without its value.</summary>
internal sealed record FilterStep(string Name, ArgumentList Arguments, Position Position)
{
    public object? Apply(Scope scope, object? value) => Filters.Apply(Name, value, Arguments.Evaluate(scope), scope.Context);
}

/// <summary><c>value | filter</c></summary>
internal sealed class Filtered(Expression value, FilterStep filter) : Expression(filter.Position)
{
    protected override object? Compute(Scope scope) => filter.Apply(scope, value.Evaluate(scope));
}

/// <summary><c>value is test</c></summary>
internal sealed class Tested(Expression value, string test, ArgumentList arguments, Position position) : Expression(position)
{
    protected override object? Compute(Scope scope) => Tests.Apply(test, value.Evaluate(scope), arguments.Evaluate(scope), scope.Context);
}
