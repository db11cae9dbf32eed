namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A value that can be called.</summary>
internal interface ICallable
{
    object? Call(RenderContext context, CallArguments arguments);
}
