namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A lazy sequence that can be iterated once, as returned by filters such as <c>map</c> and <c>select</c>.</summary>
internal sealed class IteratorValue(IEnumerator<object?> elements, string typeName = "generator") : TemplateObject
{
    public override string TypeName => typeName;

    public override IEnumerator<object?> Iterate() => elements;
}
