using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary><c>{% if %}...{% elif %}...{% else %}...{% endif %}</c>: variables set inside are those of the block around it.</summary>
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
