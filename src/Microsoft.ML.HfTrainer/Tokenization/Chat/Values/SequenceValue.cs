namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A value with indexed elements: a list, tuple or range.</summary>
internal abstract class SequenceValue : TemplateObject
{
    public abstract int Count { get; }

    public abstract object? this[int index] { get; }

    public sealed override int? Length => Count;

    public override IEnumerator<object?> Iterate()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    public override IEnumerator<object?> IterateReversed()
    {
        for (var i = Count - 1; i >= 0; i--)
            yield return this[i];
    }

    public override bool TryItem(object? key, Budget budget, out object? item)
    {
        item = null;
        if (key is SliceValue slice)
        {
            item = Slice(slice, budget);
            return true;
        }
        if (!Integers.TryGet(key, out var place))
            return false;
        if (place < 0)
            place += Count;
        if (place < 0 || place >= Count)
            return false;
        item = this[(int)place];
        return true;
    }

    /// <summary>Returns a slice as a value of the same type.</summary>
    protected abstract SequenceValue Slice(SliceValue slice, Budget budget);

    protected object?[] Pick(SliceValue slice, Budget budget)
    {
        var (start, step, count) = slice.Over(Count);
        budget.Step(count);
        var items = new object?[count];
        for (var i = 0; i < count; i++)
            items[i] = this[start + (i * step)];
        return items;
    }

    public IEnumerable<object?> Elements
    {
        get
        {
            for (var i = 0; i < Count; i++)
                yield return this[i];
        }
    }
}
