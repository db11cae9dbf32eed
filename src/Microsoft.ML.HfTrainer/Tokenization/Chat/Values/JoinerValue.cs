namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A separator that is empty on its first call (<c>joiner</c>).</summary>
internal sealed class JoinerValue(object? separator) : TemplateObject, ICallable
{
    private bool _used;

    public override string TypeName => "Joiner";

    public object? Call(RenderContext context, CallArguments arguments)
    {
        var text = _used ? separator : "";
        _used = true;
        return text;
    }
}
