namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A <c>namespace</c>: variables that inner blocks can set for outer ones.</summary>
internal sealed class NamespaceValue(IEnumerable<KeyValuePair<string, object?>> attributes) : TemplateObject
{
    private readonly Dictionary<string, object?> _attributes = new(attributes, StringComparer.Ordinal);

    public override string TypeName => "Namespace";

    public void Set(string name, object? value) => _attributes[CheckName(name)] = value;

    public override bool TryAttribute(string name, out object? attribute) => _attributes.TryGetValue(name, out attribute);

    public override void WriteLiteral(TextBuilder text) =>
        text.Append("<Namespace ").AppendLiteral(new MappingValue(_attributes.Select(entry => KeyValuePair.Create((object?)entry.Key, entry.Value)))).Append('>');

    public static string CheckName(string name) => name.StartsWith('_')
        ? throw new TemplateFault($"the attributes of a namespace must not begin with '_', as '{name}' does.")
        : name;
}
