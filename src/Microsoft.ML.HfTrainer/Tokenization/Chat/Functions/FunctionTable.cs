namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Functions of one kind by name.</summary>
internal sealed class FunctionTable(string kind)
{
    private readonly Dictionary<string, Function> _functions = new(StringComparer.Ordinal);

    public FunctionTable Add(string name, string signature, Func<RenderContext, object?[], object?> body)
    {
        _functions.Add(name, new Function($"the {kind} '{name}'", new Signature(signature), body));
        return this;
    }

    /// <summary>Adds further names for a function.</summary>
    public FunctionTable Alias(string name, params string[] others)
    {
        foreach (var other in others)
            _functions.Add(other, _functions[name]);
        return this;
    }

    public Function? Find(string name) => _functions.GetValueOrDefault(name);

    public Function Get(string name) => Find(name) ?? throw new TemplateFault(
        $"there is no {kind} '{name}'; there are {string.Join(", ", _functions.Keys.Order(StringComparer.Ordinal))}.");
}
