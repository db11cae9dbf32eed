namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The value of an undefined name or key: it prints as an empty string, is false and empty, and throws on any other use.</summary>
internal sealed class Undefined(Func<string> reason) : TemplateObject
{
    public override string TypeName => "Undefined";

    public override int? Length => 0;

    public static Undefined Because(string reason) => new(() => reason);

    public static Undefined Name(string name) => Because($"'{name}' is undefined.");

    public static Undefined Element(object? target, object? key) => new(() =>
    {
        var known = target is MappingValue mapping ? $"; its keys are {mapping.DescribeKeys()}" : "";
        return $"{TypeNames.WithArticle(target)} has no {(key is string ? "attribute" : "element")} {Literal.Short(key)}{known}.";
    });

    public TemplateFault Fault() => new(reason());

    public override IEnumerator<object?> Iterate() => Enumerable.Empty<object?>().GetEnumerator();

    public override IEnumerator<object?> IterateReversed() => Iterate();

    public override bool TryItem(object? key, Budget budget, out object? item) => throw Fault();

    public override bool TryAttribute(string name, out object? attribute) => throw Fault();

    public override void WriteLiteral(TextBuilder text) => text.Append("Undefined");

    public override void WriteText(TextBuilder text)
    {
    }
}
