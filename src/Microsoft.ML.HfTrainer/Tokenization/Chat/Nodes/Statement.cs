using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;
using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>Specifies how a statement ended.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A node of a template that writes text or has an effect.</summary>
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
        catch (TemplateFault fault) when (fault.Position is null)
        {
            fault.Position = Position;
            throw;
        }
    }

    protected abstract Flow Execute(Scope scope, TextBuilder output);
}
