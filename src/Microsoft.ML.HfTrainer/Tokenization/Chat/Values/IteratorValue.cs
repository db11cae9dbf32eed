namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>Elements that are made as they are asked for, once: what filters such as <c>map</c> and <c>select</c> give.</summary>
internal sealed class IteratorValue(IEnumerator<object?> elements, string typeName = "generator") : TemplateObject
{
    public override string TypeName => typeName;

    public override IEnumerator<object?> Iterate() => elements;
}
