using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>How a statement was left.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>Part of a template that writes text or does something.</summary>
internal abstract class Statement(Position position)
{
    public Position Position => position;

    public Flow Render(Scope scope, TextBuilder output)
    {
        scope.Budget.Step();
        Budget.CheckDepth();
        try
        {
            return Execute(scope, output);
        }
        catch (TemplateFault fault) when (fault.Locate(Position))
        {
            throw;
        }
    }

    protected abstract Flow Execute(Scope scope, TextBuilder output);
}
