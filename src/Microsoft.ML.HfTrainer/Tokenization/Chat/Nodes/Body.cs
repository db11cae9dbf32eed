using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>Statements one after another.</summary>
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

    /// <summary>The text of the statements, in place of writing it.</summary>
    public string Capture(Scope scope)
    {
        TryCapture(scope, out var text);
        return (string)text!;
    }

    /// <summary>The same where a loop around the statements may be left.</summary>
    public Flow TryCapture(Scope scope, out object? text)
    {
        var output = new TextBuilder(scope.Budget);
        var flow = Render(scope, output);
        text = output.ToString();
        return flow;
    }
}
