using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>A list of statements.</summary>
internal sealed class Body(IReadOnlyList<Statement> statements)
{
    public Flow Render(Scope scope, TextBuilder output)
    {
        for (var i = 0; i < statements.Count; i++)
        {
            if (statements[i].Render(scope, output) is not Flow.Next and var flow)
                return flow;
        }
        return Flow.Next;
    }
}
