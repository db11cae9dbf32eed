using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>A callable of templates: a filter, a test, a method or a function.</summary>
internal sealed class Function(string description, Signature signature, Func<RenderContext, object?[], object?> body)
{
    public object? Invoke(RenderContext context, CallArguments arguments)
    {
        if (arguments.Positional is [string text, ..])
            context.Budget.Read(text.Length);
        return body(context, signature.Bind(description, arguments));
    }
}
