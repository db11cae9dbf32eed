using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The tests: the names that may follow <c>is</c>.</summary>
internal static class Tests
{
    public static FunctionTable All { get; } = AddComparisons(new FunctionTable("test"))
        .Add("boolean", "value", (_, a) => a[0] is bool)
        .Add("callable", "value", (_, a) => a[0] is ICallable or Undefined)
        .Add("defined", "value", (_, a) => a[0] is not Undefined)
        .Add("divisibleby", "value, num", (c, a) => IsRest(a[0], a[1], 0, c))
        .Add("escaped", "value", (_, _) => false)
        .Add("even", "value", (c, a) => IsRest(a[0], 2L, 0, c))
        .Add("false", "value", (_, a) => a[0] is false)
        .Add("filter", "value", (_, a) => a[0] is string name && Filters.All.Find(name) is not null)
        .Add("float", "value", (_, a) => a[0] is double)
        .Add("in", "value, seq", (c, a) => Membership.Contains(a[1], a[0], c.Budget))
        .Add("integer", "value", (_, a) => a[0] is long or System.Numerics.BigInteger)
        .Add("iterable", "value", (_, a) => Iteration.TryOver(a[0]) is not null)
        .Add("lower", "value", (c, a) => CharacterTests.IsCased(Literal.Text(a[0], c.Budget), upper: false))
        .Add("mapping", "value", (_, a) => a[0] is MappingValue)
        .Add("none", "value", (_, a) => a[0] is null)
        .Add("number", "value", (_, a) => Numbers.IsNumber(a[0]))
        .Add("odd", "value", (c, a) => IsRest(a[0], 2L, 1, c))
        .Add("sameas", "value, other", (_, a) => IsSame(a[0], a[1]))
        .Add("sequence", "value", (_, a) => a[0] is string or SequenceValue or MappingValue or Undefined)
        .Add("string", "value", (_, a) => a[0] is string)
        .Add("test", "value", (_, a) => a[0] is string name && All!.Find(name) is not null)
        .Add("true", "value", (_, a) => a[0] is true)
        .Add("undefined", "value", (_, a) => a[0] is Undefined)
        .Add("upper", "value", (c, a) => CharacterTests.IsCased(Literal.Text(a[0], c.Budget), upper: true));

    /// <summary>Applies the named test to a value.</summary>
    public static bool Apply(string name, object? value, CallArguments arguments, RenderContext context) =>
        Iteration.Truth(All.Get(name).Invoke(context, arguments.WithFirst(value)));

    private static FunctionTable AddComparisons(FunctionTable tests) => tests
        .Add("==", "a, b", (c, a) => Comparison.Apply("==", a[0], a[1], c.Budget))
        .Alias("==", "eq", "equalto")
        .Add("!=", "a, b", (c, a) => Comparison.Apply("!=", a[0], a[1], c.Budget))
        .Alias("!=", "ne")
        .Add(">", "a, b", (c, a) => Comparison.Apply(">", a[0], a[1], c.Budget))
        .Alias(">", "gt", "greaterthan")
        .Add(">=", "a, b", (c, a) => Comparison.Apply(">=", a[0], a[1], c.Budget))
        .Alias(">=", "ge")
        .Add("<", "a, b", (c, a) => Comparison.Apply("<", a[0], a[1], c.Budget))
        .Alias("<", "lt", "lessthan")
        .Add("<=", "a, b", (c, a) => Comparison.Apply("<=", a[0], a[1], c.Budget))
        .Alias("<=", "le");

    private static object IsRest(object? value, object? divisor, long rest, RenderContext context) =>
        Equality.Same(Arithmetic.Operators["%"](value, divisor, context.Budget), rest, context.Budget);

    private static object IsSame(object? value, object? other) => value is TemplateObject || other is TemplateObject
        ? ReferenceEquals(value, other)
        : Equals(value, other);
}
