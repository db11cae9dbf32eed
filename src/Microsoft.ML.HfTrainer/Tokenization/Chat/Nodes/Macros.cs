using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>The parameters and body of a macro. It accepts further arguments if its body uses <c>varargs</c> or <c>kwargs</c>.</summary>
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

/// <summary>The statement <c>{% call(parameters) f(arguments) %}...{% endcall %}</c>: its body is a macro that <c>f</c> calls as <c>caller</c>.</summary>
internal sealed class CallBlock(Call call, MacroDefinition body, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        output.AppendText(call.Invoke(scope, new MacroValue(body, scope)));
        return Flow.Next;
    }
}

/// <summary>The statement <c>{% generation %}...{% endgeneration %}</c>: marks text that the assistant generates.</summary>
internal sealed class GenerationBlock(Block body, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        var text = body.Capture(body.Enter(scope));
        // Within a macro or captured block, Hugging Face Transformers counts positions from what the template itself has written, too.
        var start = scope.Context.Output.Length;
        scope.Context.Generated.Add((start, start + text.Length));
        output.Append(text);
        return Flow.Next;
    }
}
