using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>The parameters and the body of a macro; it takes more arguments than it names where its body speaks of them.</summary>
internal sealed record MacroDefinition(
    string? Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, Block Body, bool TakesMore, bool TakesNames, bool TakesCaller);

/// <summary><c>{% macro name(parameters) %}...{% endmacro %}</c></summary>
internal sealed class Macro(MacroDefinition definition, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        scope.Set(definition.Name!, new MacroValue(definition, scope));
        return Flow.Next;
    }
}

/// <summary><c>{% call(parameters) f(arguments) %}...{% endcall %}</c>: the body is a macro that <c>f</c> knows as <c>caller</c>.</summary>
internal sealed class CallBlock(Call call, MacroDefinition body, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        output.AppendText(call.Invoke(scope, new MacroValue(body, scope)));
        return Flow.Next;
    }
}

/// <summary><c>{% generation %}...{% endgeneration %}</c>: text that the model is to learn to write.</summary>
internal sealed class Generation(Block body, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        var text = body.Capture(body.Enter(scope));
        // Within a macro or a captured block the original counts from what the template itself has written, too.
        var start = scope.Context.Output.Length;
        scope.Context.Generated.Add((start, start + text.Length));
        output.Append(text);
        return Flow.Next;
    }
}
