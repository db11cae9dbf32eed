using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>The statement <c>{% for target in sequence if condition %}...{% else %}...{% endfor %}</c>; each iteration has a scope of its own.</summary>
internal sealed class For(Target target, Expression sequence, Expression? condition, bool isRecursive, Block body, Block? otherwise, Position position)
    : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        var elements = sequence.Evaluate(scope);
        if (isRecursive)
            output.Append(RenderLevel(scope, elements, 0));
        else
            RenderRounds(scope, elements, 0, output);
        return Flow.Next;
    }

    // With 'recursive', the loop can be called with further elements, and returns their text.
    private string RenderLevel(Scope scope, object? elements, int depth)
    {
        var output = new TextBuilder(scope.Budget);
        RenderRounds(scope, elements, depth, output);
        return output.ToString();
    }

    private void RenderRounds(Scope scope, object? elements, int depth, TextBuilder output)
    {
        var rounds = Iteration.Over(elements);
        var loop = condition is null
            ? new LoopValue(rounds, Iteration.Length(elements))
            : new LoopValue(Selected(scope, rounds), null);
        loop.Depth = depth;
        if (isRecursive)
            loop.Recurse = inner => RenderLevel(scope, inner, depth + 1);
        while (loop.MoveNext())
        {
            scope.Budget.Step();
            var round = body.Enter(scope);
            round.Set("loop", loop);
            target.Assign(round, loop.Current);
            var flow = body.Render(round, output);
            if (output == scope.Context.Output && loop.Current is MappingValue element)
                scope.Context.Ends[element] = output.Length;
            if (flow == Flow.Break)
                return;
        }
        if (loop.IsEmpty)
            otherwise?.Render(otherwise.Enter(scope), output);
    }

    private IEnumerator<object?> Selected(Scope scope, IEnumerator<object?> elements)
    {
        while (elements.MoveNext())
        {
            var round = scope.Inner();
            target.Assign(round, elements.Current);
            if (Iteration.Truth(condition!.Evaluate(round)))
                yield return elements.Current;
        }
    }
}
