using Microsoft.ML.HfTrainer.Tokenization.Chat.Nodes;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A macro together with the scope in which it was defined.</summary>
internal sealed class MacroValue(MacroDefinition definition, Scope scope) : TemplateObject, ICallable
{
    private static readonly Dictionary<string, Func<MacroDefinition, object?>> Attributes = new()
    {
        ["name"] = macro => macro.Name,
        ["arguments"] = macro => new TupleValue([.. macro.Parameters.Select(parameter => parameter.Name)]),
        ["catch_kwargs"] = macro => macro.TakesNames,
        ["catch_varargs"] = macro => macro.TakesMore,
        ["caller"] = macro => macro.TakesCaller,
    };

    private string Name => definition.Name is { } name ? $"the macro '{name}'" : "the body of the call";

    public override string TypeName => "Macro";

    public object? Call(RenderContext context, CallArguments arguments)
    {
        var parameters = definition.Parameters;
        // A default value sees the preceding parameters, and no outer variable with the name of any other parameter.
        var inner = definition.Body.Enter(scope).Hide(parameters.Select(parameter => parameter.Name));
        var (positional, named) = (arguments.Positional, arguments.Named.ToList());
        if (positional.Length > parameters.Count && !definition.TakesMore)
            throw new TemplateFault($"{Name} takes at most {parameters.Count} arguments, not {positional.Length}.");
        for (var i = 0; i < parameters.Count; i++)
        {
            if (i < positional.Length)
                inner.Set(parameters[i].Name, positional[i]);
            else if (Take(named, parameters[i].Name, out var value))
                inner.Set(parameters[i].Name, value);
            else
                inner.Set(parameters[i].Name, parameters[i].Default is { } otherwise ? otherwise.Evaluate(inner) : Missing(parameters[i].Name));
        }
        if (definition.TakesCaller)
            inner.Set("caller", Take(named, "caller", out var caller) ? caller : Undefined.Because("the macro was not called by a 'call' block."));
        if (definition.TakesMore)
            inner.Set("varargs", new TupleValue(positional.Skip(parameters.Count).ToArray()));
        if (definition.TakesNames)
            inner.Set("kwargs", new MappingValue(named.Select(argument => KeyValuePair.Create((object?)argument.Key, argument.Value))));
        else if (named.Count > 0)
            throw new TemplateFault($"{Name} has no parameter '{named[0].Key}', or it was passed twice.");
        return definition.Body.Capture(inner);
    }

    public override bool TryAttribute(string name, out object? attribute)
    {
        attribute = Attributes.TryGetValue(name, out var get) ? get(definition) : null;
        return get is not null;
    }

    public override void WriteLiteral(TextBuilder text) => text.Append($"<Macro {(definition.Name is { } name ? $"'{name}'" : "anonymous")}>");

    private static Undefined Missing(string name) => Undefined.Because($"the parameter '{name}' was not passed.");

    private static bool Take(List<KeyValuePair<string, object?>> named, string name, out object? value)
    {
        var place = named.FindIndex(argument => argument.Key == name);
        value = place < 0 ? null : named[place].Value;
        if (place >= 0)
            named.RemoveAt(place);
        return place >= 0;
    }
}
