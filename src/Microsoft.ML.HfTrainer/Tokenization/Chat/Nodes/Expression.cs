using Microsoft.ML.HfTrainer.Tokenization.Chat.Syntax;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

/// <summary>A node of a template that has a value.</summary>
internal abstract class Expression(Position position)
{
    public Position Position => position;

    public object? Evaluate(Scope scope)
    {
        scope.Budget.Step();
        Budget.CheckDepth();
        try
        {
            return Compute(scope);
        }
        catch (TemplateFault fault) when (fault.Position is null)
        {
            fault.Position = Position;
            throw;
        }
    }

    protected abstract object? Compute(Scope scope);
}
