using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>Statements with variables of their own.</summary>
internal sealed class Block(Body body, BlockNames names)
{
    public Scope Enter(Scope outer) => outer.Inner(names);

    public Scope EnterRoot(RenderContext context) => new Scope(context).Hide(names.Hiding);

    /// <summary>Renders in a scope that was entered.</summary>
    public Flow Render(Scope entered, TextBuilder output) => body.Render(entered, output);

    /// <summary>The text of the statements, in place of writing it.</summary>
    public string Capture(Scope entered)
    {
        TryCapture(entered, out var text);
        return (string)text!;
    }

    /// <summary>The same where a loop around the statements may be left.</summary>
    public Flow TryCapture(Scope entered, out object? text)
    {
        var output = new TextBuilder(entered.Budget);
        var flow = body.Render(entered, output);
        text = output.ToString();
        return flow;
    }
}
