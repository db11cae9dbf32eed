using Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Functions;

/// <summary>The filters of sequences.</summary>
internal static class SequenceFilters
{
    public static object Length(object? value) =>
        Iteration.Length(value) is { } length ? (long)length : throw new TemplateFault(
            $"{TypeNames.WithArticle(value)} has no length{(value is IteratorValue ? "; write '| list | length'" : "")}.");

    public static object? FirstOf(IEnumerator<object?> elements, string filter) =>
        elements.MoveNext() ? elements.Current : Undefined.Because($"the filter '{filter}' found nothing: the sequence is empty.");

    public static IEnumerator<object?> Reversed(object? value, string filter) => TryReversed(value) ?? throw new TemplateFault(
        $"the filter '{filter}' does not take {TypeNames.WithArticle(value)}{(value is IteratorValue ? "; write '| list' before it" : "")}.");

    public static object Reverse(object? value, Budget budget)
    {
        if (value is string text)
            return CodePoints.Slice(text, new SliceValue(null, null, -1L), budget);
        if (TryReversed(value) is { } backwards)
            return new IteratorValue(backwards, value is ListValue ? "list_reverseiterator" : "reversed");
        var elements = Iteration.ToArray(value, budget);
        Array.Reverse(elements);
        return new ListValue(elements);
    }

    public static string Join(object? value, string separator, object? attribute, Budget budget)
    {
        var get = AttributePath.Getter(attribute, budget);
        var joined = new TextBuilder(budget);
        var isFirst = true;
        foreach (var element in Iteration.Elements(value, budget))
        {
            if (!isFirst)
                joined.Append(separator);
            isFirst = false;
            joined.AppendText(get(element));
        }
        return joined.ToString();
    }

    public static ListValue Sort(object? value, bool reverse, bool caseSensitive, object? attribute, Budget budget)
    {
        object?[] attributes = attribute is string several ? [.. several.Split(',')] : [attribute];
        var getters = attributes.Select(one => AttributePath.Getter(one, caseSensitive, budget)).ToArray();
        return new ListValue(Ordering.Sort(
            Iteration.Elements(value, budget), item => new ListValue([.. getters.Select(get => get(item))]), reverse, budget));
    }

    public static ListValue SortEntries(MappingValue mapping, bool caseSensitive, string by, bool reverse, Budget budget)
    {
        var place = by switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw new TemplateFault($"'by' is '{by}'; it must be 'key' or 'value'."),
        };
        var entries = mapping.Entries.Select(entry => (object?)new TupleValue(entry.Key, entry.Value));
        return new ListValue(Ordering.Sort(
            entries, entry => caseSensitive ? ((TupleValue)entry!)[place] : AttributePath.IgnoreCase(((TupleValue)entry!)[place]), reverse, budget));
    }

    public static IEnumerator<object?> Entries(object? value)
    {
        if (value is Undefined)
            yield break;
        foreach (var (key, entry) in Argument.Mapping(value, "value").Entries)
            yield return new TupleValue(key, entry);
    }

    public static IEnumerator<object?> Unique(object? value, bool caseSensitive, object? attribute, Budget budget)
    {
        var get = AttributePath.Getter(attribute, caseSensitive, budget);
        var seen = new HashSet<object>(KeyComparer.Instance);
        foreach (var element in Iteration.Elements(value, budget))
        {
            if (seen.Add(KeyComparer.Check(get(element))))
                yield return element;
        }
    }

    /// <summary>Returns the largest element, or the smallest if the sign is negative; of equal ones the first.</summary>
    public static object? Extreme(object? value, bool caseSensitive, object? attribute, int sign, Budget budget)
    {
        var get = AttributePath.Getter(attribute, caseSensitive, budget);
        var elements = Iteration.Elements(value, budget).GetEnumerator();
        if (!elements.MoveNext())
            return Undefined.Because("there is no largest or smallest element: the sequence is empty.");
        var (extreme, key) = (elements.Current, get(elements.Current));
        while (elements.MoveNext())
        {
            var other = get(elements.Current);
            if (sign * (Ordering.Compare(other, key, sign > 0 ? ">" : "<", budget) ?? 0) > 0)
                (extreme, key) = (elements.Current, other);
        }
        return extreme;
    }

    public static object? Sum(object? value, object? attribute, object? start, Budget budget)
    {
        var get = AttributePath.Getter(attribute, budget);
        if (start is string)
            throw new TemplateFault("the filter 'sum' does not add strings; use 'join'.");
        foreach (var element in Iteration.Elements(value, budget))
            start = Arithmetic.Operators["+"](start, get(element), budget);
        return start;
    }

    public static ListValue GroupBy(object? value, object? attribute, object? otherwise, bool caseSensitive, Budget budget)
    {
        var get = AttributePath.Getter(attribute, caseSensitive, budget, otherwise);
        var name = AttributePath.Getter(attribute, budget, otherwise);
        var groups = new List<object?>();
        var members = new List<object?>();
        foreach (var element in Ordering.Sort(Iteration.Elements(value, budget), get, reverse: false, budget))
        {
            if (members.Count > 0 && !Equality.Same(get(members[0]), get(element), budget))
                Close();
            members.Add(element);
        }
        if (members.Count > 0)
            Close();
        return new ListValue([.. groups]);

        void Close()
        {
            groups.Add(new TupleValue(name(members[0]), new ListValue([.. members])) { Names = ["grouper", "list"] });
            members.Clear();
        }
    }

    /// <summary>Splits into rows of a given size; the last one is padded if a fill value is given.</summary>
    public static IteratorValue Batch(object? value, int size, object? fill, Budget budget)
    {
        return new IteratorValue(Rows());

        IEnumerator<object?> Rows()
        {
            var row = new List<object?>();
            foreach (var element in Iteration.Elements(value, budget))
            {
                if (row.Count == size)
                {
                    yield return new ListValue([.. row]);
                    row.Clear();
                }
                row.Add(element);
            }
            if (row.Count == 0)
                yield break;
            budget.Step(fill is null ? 0 : Math.Max(size - row.Count, 0));
            while (fill is not null && row.Count < size)
                row.Add(fill);
            yield return new ListValue([.. row]);
        }
    }

    /// <summary>Splits into a given number of lists of about equal length; the shorter ones are padded if a fill value is given.</summary>
    public static IteratorValue Slice(object? value, int count, object? fill, Budget budget)
    {
        if (count == 0)
            throw new TemplateFault("the filter 'slice' cannot make 0 slices.");
        var elements = Iteration.ToArray(value, budget);
        return new IteratorValue(Slices());

        IEnumerator<object?> Slices()
        {
            var (size, longer) = (elements.Length / count, elements.Length % count);
            var start = 0;
            for (var i = 0; i < count; i++)
            {
                budget.Step();
                var end = start + size + (i < longer ? 1 : 0);
                yield return new ListValue([.. elements[start..end], .. fill is not null && i >= longer ? new[] { fill } : []]);
                start = end;
            }
        }
    }

    private static IEnumerator<object?>? TryReversed(object? value) => value switch
    {
        string text => ReversedOver(text),
        TemplateObject composite => composite.IterateReversed(),
        _ => null,
    };

    private static IEnumerator<object?> ReversedOver(string text)
    {
        for (var end = text.Length; end > 0;)
        {
            var start = end > 1 && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? end - 2 : end - 1;
            yield return text[start..end];
            end = start;
        }
    }
}
