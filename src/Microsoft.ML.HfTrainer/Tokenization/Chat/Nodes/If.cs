using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>The statement <c>{% if %}...{% elif %}...{% else %}...{% endif %}</c>, which has no scope of its own.</summary>
internal sealed class If(IReadOnlyList<(Expression Condition, Body Body)> branches, Body? otherwise, Position position) : Statement(position)
{
    protected override Flow Execute(Scope scope, TextBuilder output)
    {
        foreach (var (condition, body) in branches)
        {
            if (Iteration.Truth(condition.Evaluate(scope)))
                return body.Render(scope, output);
        }
        return otherwise?.Render(scope, output) ?? Flow.Next;
    }
}
