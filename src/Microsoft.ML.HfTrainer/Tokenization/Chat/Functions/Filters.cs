using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>
/// The filters of Jinja2, except those that produce HTML or random results. <c>safe</c> returns plain text, which differs from Jinja2 only if the
/// result is then concatenated with <c>+</c>.
/// </summary>
internal static class Filters
{
    public static FunctionTable All { get; } = AddNumbers(AddSelections(AddSequences(AddTexts(AddValues(new FunctionTable("filter"))))));

    /// <summary>Applies the named filter to a value.</summary>
    public static object? Apply(string name, object? value, CallArguments arguments, RenderContext context) =>
        All.Get(name).Invoke(context, arguments.WithFirst(value));

    private static FunctionTable AddValues(FunctionTable filters) => filters
        .Add("default", "value, default_value='', boolean=false", (_, a) => a[0] is Undefined || (Iteration.Truth(a[2]) && !Iteration.Truth(a[0])) ? a[1] : a[0])
        .Alias("default", "d")
        .Add("attr", "obj, name", (_, a) => a[0] is Undefined undefined ? throw undefined.Fault()
            : Access.TryAttribute(a[0], Argument.Text(a[1], "name"), out var value) ? value : Undefined.Element(a[0], a[1]))
        .Add("string", "value", (c, a) => Text(c, a))
        .Alias("string", "safe")
        .Add("tojson", "x, ensure_ascii=false, indent=none, separators=none, sort_keys=false", (c, a) => JsonText.Write(a[0], a[1], a[2], a[3], a[4], c.Budget))
        .Add("items", "value", (_, a) => new IteratorValue(SequenceFilters.Entries(a[0])));

    private static FunctionTable AddTexts(FunctionTable filters) => filters
        .Add("capitalize", "s", (c, a) => Casing.Capitalize(Text(c, a)))
        .Add("center", "value, width=80", (c, a) => Padding.Center(Text(c, a), Argument.Integer(a[1], "width"), " ", c.Budget))
        .Add("escape", "s", (c, a) => TextFilters.Escape(Text(c, a), c.Budget))
        .Alias("escape", "e", "forceescape")
        .Add("format", "value, *args, **kwargs", TextFilters.Format)
        .Add("indent", "s, width=4, first=false, blank=false", (c, a) => TextFilters.Indent(
            Argument.Text(a[0], "s"), a[1], Iteration.Truth(a[2]), Iteration.Truth(a[3]), c.Budget))
        .Add("lower", "s", (c, a) => Casing.Lower(Text(c, a)))
        .Add("replace", "s, old, new, count=none", (c, a) => TextSearch.Replace(
            Text(c, a), Literal.Text(a[1], c.Budget), Literal.Text(a[2], c.Budget), Argument.OptionalInteger(a[3], "count") ?? -1, c.Budget))
        .Add("striptags", "value", (c, a) => TextFilters.StripTags(Text(c, a)))
        .Add("title", "s", (c, a) => TextFilters.Title(Text(c, a)))
        .Add("trim", "value, chars=none", (c, a) => Whitespace.Trim(Text(c, a), Argument.OptionalText(a[1], "chars"), left: true, right: true))
        .Add("truncate", "s, length=255, killwords=false, end='...', leeway=none", (_, a) => TextFilters.Truncate(
            a[0], Argument.Integer(a[1], "length"), Iteration.Truth(a[2]), Argument.Text(a[3], "end"), Argument.OptionalInteger(a[4], "leeway") ?? 5))
        .Add("upper", "s", (c, a) => Casing.Upper(Text(c, a)))
        .Add("urlencode", "value", (c, a) => TextFilters.UrlEncode(a[0], c.Budget))
        .Add("wordcount", "s", (c, a) => TextFilters.WordCount(Text(c, a)));

    private static FunctionTable AddSequences(FunctionTable filters) => filters
        .Add("batch", "value, linecount, fill_with=none", (c, a) => SequenceFilters.Batch(a[0], Argument.Integer(a[1], "linecount"), a[2], c.Budget))
        .Add("dictsort", "value, case_sensitive=false, by='key', reverse=false", (c, a) => SequenceFilters.SortEntries(
            Argument.Mapping(a[0], "value"), Iteration.Truth(a[1]), Argument.Text(a[2], "by"), Iteration.Truth(a[3]), c.Budget))
        .Add("first", "seq", (_, a) => SequenceFilters.FirstOf(Iteration.Over(a[0]), "first"))
        .Add("groupby", "value, attribute, default=none, case_sensitive=false", (c, a) => SequenceFilters.GroupBy(
            a[0], a[1], a[2], Iteration.Truth(a[3]), c.Budget))
        .Add("join", "value, d='', attribute=none", (c, a) => SequenceFilters.Join(a[0], Literal.Text(a[1], c.Budget), a[2], c.Budget))
        .Add("last", "seq", (_, a) => SequenceFilters.FirstOf(SequenceFilters.Reversed(a[0], "last"), "last"))
        .Add("length", "value", (_, a) => SequenceFilters.Length(a[0]))
        .Alias("length", "count")
        .Add("list", "value", (c, a) => new ListValue(Iteration.ToArray(a[0], c.Budget)))
        .Add("reverse", "value", (c, a) => SequenceFilters.Reverse(a[0], c.Budget))
        .Add("slice", "value, slices, fill_with=none", (c, a) => SequenceFilters.Slice(a[0], Argument.Integer(a[1], "slices"), a[2], c.Budget))
        .Add("sort", "value, reverse=false, case_sensitive=false, attribute=none", (c, a) => SequenceFilters.Sort(
            a[0], Iteration.Truth(a[1]), Iteration.Truth(a[2]), a[3], c.Budget))
        .Add("unique", "value, case_sensitive=false, attribute=none", (c, a) => new IteratorValue(
            SequenceFilters.Unique(a[0], Iteration.Truth(a[1]), a[2], c.Budget)));

    private static FunctionTable AddSelections(FunctionTable filters) => filters
        .Add("map", "value, *args, **kwargs", Selections.Map)
        .Add("select", "value, *args, **kwargs", (c, a) => Selections.Select(c, a, keeps: true, byAttribute: false))
        .Add("reject", "value, *args, **kwargs", (c, a) => Selections.Select(c, a, keeps: false, byAttribute: false))
        .Add("selectattr", "value, *args, **kwargs", (c, a) => Selections.Select(c, a, keeps: true, byAttribute: true))
        .Add("rejectattr", "value, *args, **kwargs", (c, a) => Selections.Select(c, a, keeps: false, byAttribute: true));

    private static FunctionTable AddNumbers(FunctionTable filters) => filters
        .Add("abs", "x", (_, a) => NumberFilters.Absolute(a[0]))
        .Add("filesizeformat", "value, binary=false", (_, a) => NumberFilters.FileSize(a[0], Iteration.Truth(a[1])))
        .Add("float", "value, default=none", (_, a) => NumberFilters.ToReal(a[0]) ?? a[1] ?? 0.0)
        .Add("int", "value, default=0, base=10", (_, a) => NumberFilters.ToInteger(a[0], Argument.Integer(a[2], "base")) ?? a[1])
        .Add("max", "value, case_sensitive=false, attribute=none", (c, a) => SequenceFilters.Extreme(a[0], Iteration.Truth(a[1]), a[2], sign: 1, c.Budget))
        .Add("min", "value, case_sensitive=false, attribute=none", (c, a) => SequenceFilters.Extreme(a[0], Iteration.Truth(a[1]), a[2], sign: -1, c.Budget))
        .Add("round", "value, precision=0, method='common'", (_, a) => NumberFilters.Round(
            a[0], Argument.Integer(a[1], "precision"), Argument.Text(a[2], "method")))
        .Add("sum", "iterable, attribute=none, start=0", (c, a) => SequenceFilters.Sum(a[0], a[1], a[2], c.Budget));

    private static string Text(RenderContext context, object?[] arguments) => Literal.Text(arguments[0], context.Budget);
}
