using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The functions that are available to every template.</summary>
internal static class Globals
{
    private static readonly FunctionTable Functions = new FunctionTable("function")
        .Add("cycler", "*items", (_, a) => a[0] is object?[] { Length: > 0 } items ? new CyclerValue(items) : throw new TemplateFault("'cycler' needs at least one value."))
        .Add("dict", "*args, **kwargs", MakeMapping)
        .Add("joiner", "sep=none", (_, a) => new JoinerValue(a[0] ?? ", "))
        .Add("namespace", "*args, **kwargs", (c, a) => new NamespaceValue(((MappingValue)MakeMapping(c, a)).Entries.Select(
            entry => KeyValuePair.Create(NamespaceValue.CheckName(Argument.Text(entry.Key, "name")), entry.Value))))
        .Add("raise_exception", "message", (c, a) => throw new TemplateFault(Literal.Text(a[0], c.Budget)))
        .Add("range", "start, stop=none, step=1", (_, a) => a[1] is null ? RangeValue.Make(0L, a[0], 1L) : RangeValue.Make(a[0], a[1], a[2]))
        .Add("strftime_now", "format", (c, a) => TimeFormat.Apply(c.Now, Argument.Text(a[0], "format"), c.Budget));

    private static readonly FunctionTable MappingFunctions = new FunctionTable("function")
        .Add("fromkeys", "iterable, value=none", (c, a) => new MappingValue(Iteration.Elements(a[0], c.Budget).Select(key => KeyValuePair.Create(key, a[1]))));

    public static IReadOnlyDictionary<string, object?> All { get; } =
        new[] { "cycler", "dict", "joiner", "namespace", "raise_exception", "range", "strftime_now" }.ToDictionary(
            name => name, name => (object?)new FunctionValue(Functions.Get(name), name == "dict" ? MappingFunctions : null), StringComparer.Ordinal);

    private static object MakeMapping(RenderContext context, object?[] arguments)
    {
        var (positional, named) = ((object?[])arguments[0]!, (KeyValuePair<string, object?>[])arguments[1]!);
        if (positional.Length > 1)
            throw new TemplateFault($"expected a dict or a sequence of pairs, found {positional.Length} values.");
        var entries = positional is not [var source] ? []
            : source is MappingValue mapping ? mapping.Entries
            : Iteration.Elements(source, context.Budget).Select(pair => Iteration.ToArray(pair, context.Budget) is [var key, var value]
                ? KeyValuePair.Create(key, value)
                : throw new TemplateFault("a dict must be built from pairs."));
        return new MappingValue(entries.Concat(named.Select(entry => KeyValuePair.Create((object?)entry.Key, entry.Value))));
    }
}
