using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>Statements with a variable scope of their own.</summary>
internal sealed class Block(Body body, BlockNames names)
{
    public Scope Enter(Scope outer) => outer.Inner(names);

    public Scope EnterRoot(RenderContext context) => new Scope(context).Hide(names.Hiding);

    /// <summary>Renders in an entered scope.</summary>
    public Flow Render(Scope entered, TextBuilder output) => body.Render(entered, output);

    /// <summary>Returns the text of the statements instead of writing it.</summary>
    public string Capture(Scope entered)
    {
        TryCapture(entered, out var text);
        return (string)text!;
    }

    /// <summary>The same for statements that may leave an enclosing loop with break or continue.</summary>
    public Flow TryCapture(Scope entered, out object? text)
    {
        var output = new TextBuilder(entered.Budget);
        var flow = body.Render(entered, output);
        text = output.ToString();
        return flow;
    }
}
