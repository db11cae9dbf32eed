using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>Filters that apply another filter or a test to each element.</summary>
internal static class Selections
{
    public static object Map(RenderContext context, object?[] arguments)
    {
        var (value, rest) = Split(arguments);
        return new IteratorValue(Iteration.Truth(value) ? Mapped() : Nothing());

        IEnumerator<object?> Mapped()
        {
            var map = Mapping(context, rest);
            foreach (var element in Iteration.Elements(value, context.Budget))
                yield return map(element);
        }
    }

    public static object Select(RenderContext context, object?[] arguments, bool keeps, bool byAttribute)
    {
        var (value, rest) = Split(arguments);
        return new IteratorValue(Iteration.Truth(value) ? Selected() : Nothing());

        IEnumerator<object?> Selected()
        {
            if (byAttribute && rest.Positional.Length == 0)
                throw new TemplateFault("the filter needs the name of an attribute.");
            var get = byAttribute ? AttributePath.Getter(rest.Positional[0], context.Budget) : element => element;
            var test = Test(context, byAttribute ? rest with { Positional = rest.Positional[1..] } : rest);
            foreach (var element in Iteration.Elements(value, context.Budget))
            {
                if (test(get(element)) == keeps)
                    yield return element;
            }
        }
    }

    private static Func<object?, object?> Mapping(RenderContext context, CallArguments arguments)
    {
        if (arguments.Positional.Length > 0)
        {
            var name = Argument.Text(arguments.Positional[0], "filter");
            var others = arguments with { Positional = arguments.Positional[1..] };
            return element => Filters.Apply(name, element, others, context);
        }
        if (arguments.Named.FirstOrDefault(named => named.Key is not ("attribute" or "default")).Key is { } unknown)
            throw new TemplateFault($"the filter 'map' has no parameter '{unknown}'; it takes the name of a filter, or 'attribute' and 'default'.");
        if (!arguments.Named.Any(named => named.Key == "attribute"))
            throw new TemplateFault("the filter 'map' needs the name of a filter, or an attribute.");
        return AttributePath.Getter(Named("attribute"), context.Budget, Named("default"));

        object? Named(string name) => arguments.Named.FirstOrDefault(named => named.Key == name).Value;
    }

    private static Func<object?, bool> Test(RenderContext context, CallArguments arguments)
    {
        if (arguments.Positional.Length == 0)
            return Iteration.Truth;
        var name = Argument.Text(arguments.Positional[0], "test");
        var others = arguments with { Positional = arguments.Positional[1..] };
        return element => Tests.Apply(name, element, others, context);
    }

    private static (object? Value, CallArguments Others) Split(object?[] arguments) =>
        (arguments[0], new CallArguments((object?[])arguments[1]!, (KeyValuePair<string, object?>[])arguments[2]!));

    private static IEnumerator<object?> Nothing() => Enumerable.Empty<object?>().GetEnumerator();
}
