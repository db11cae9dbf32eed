using Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A method bound to a value.</summary>
internal sealed class BoundMethod(object? target, Function function) : TemplateObject, ICallable
{
    public object? Target => target;

    public Function Function => function;

    public override string TypeName => "builtin_function_or_method";

    public object? Call(RenderContext context, CallArguments arguments) => function.Invoke(context, arguments.WithFirst(target));
}
