using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A global function, with its attributes, which are functions as well.</summary>
internal sealed class FunctionValue(Function function, FunctionTable? attributes = null) : TemplateObject, ICallable
{
    public override string TypeName => "function";

    public object? Call(RenderContext context, CallArguments arguments) => function.Invoke(context, arguments);

    public override bool TryAttribute(string name, out object? attribute)
    {
        attribute = attributes?.Find(name) is { } found ? new FunctionValue(found) : null;
        return attribute is not null;
    }
}
