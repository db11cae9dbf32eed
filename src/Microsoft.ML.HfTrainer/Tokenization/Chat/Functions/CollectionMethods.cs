using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The methods of dicts, lists, tuples and ranges that do not modify them.</summary>
internal static class CollectionMethods
{
    public static FunctionTable OfMappings { get; } = new FunctionTable("method")
        .Add("get", "self, key, default=none", (_, a) => ((MappingValue)a[0]!).TryGet(a[1], out var value) ? value : a[2])
        .Add("keys", "self", (_, a) => ViewValue.Keys((MappingValue)a[0]!))
        .Add("values", "self", (_, a) => ViewValue.Values((MappingValue)a[0]!))
        .Add("items", "self", (_, a) => ViewValue.Items((MappingValue)a[0]!))
        .Add("copy", "self", (_, a) => a[0]);

    public static FunctionTable OfSequences { get; } = new FunctionTable("method")
        .Add("copy", "self", (_, a) => a[0])
        .Add("count", "self, value", Count)
        .Add("index", "self, value, start=0, stop=none", Index);

    private static object Count(RenderContext context, object?[] arguments) =>
        Iteration.Elements(arguments[0], context.Budget).LongCount(item => Equality.Same(item, arguments[1], context.Budget));

    private static object Index(RenderContext context, object?[] arguments)
    {
        var sequence = (SequenceValue)arguments[0]!;
        var (start, stop) = new SliceValue(arguments[2], arguments[3], null).Bounds(sequence.Count);
        for (var i = start; i < stop; i++)
        {
            context.Budget.Step();
            if (Equality.Same(sequence[i], arguments[1], context.Budget))
                return (long)i;
        }
        throw new TemplateFault($"{Literal.Short(arguments[1])} is not in the {sequence.TypeName}.");
    }
}
