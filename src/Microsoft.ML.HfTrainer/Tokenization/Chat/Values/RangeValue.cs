namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>A range of integers, without its end.</summary>
internal sealed class RangeValue(long start, long stop, long step, int count) : SequenceValue
{
    // The limit of Jinja2's sandbox.
    private const int MaxCount = 100_000;

    public override string TypeName => "range";

    public override int Count => count;

    public override object? this[int index] => start + (index * step);

    public static RangeValue Make(object? start, object? stop, object? step)
    {
        var (first, end, stride) = (Bound(start), Bound(stop), Bound(step));
        if (stride == 0)
            throw new TemplateFault("the step of a range must not be 0.");
        var count = stride > 0 ? ((Int128)end - first + stride - 1) / stride : ((Int128)first - end - stride - 1) / -stride;
        if (count > MaxCount)
            throw new TemplateFault($"the range has more than {MaxCount} numbers.");
        return new RangeValue(first, end, stride, (int)Int128.Max(count, 0));
    }

    public override void WriteLiteral(TextBuilder text)
    {
        text.Append("range(").AppendLiteral(start).Append(", ").AppendLiteral(stop);
        if (step != 1)
            text.Append(", ").AppendLiteral(step);
        text.Append(')');
    }

    protected override SequenceValue Slice(SliceValue slice, Budget budget)
    {
        var (first, stride, length) = slice.Over(count);
        var from = start + (first * step);
        // The end of the range as Python prints it.
        var (_, end) = slice.Bounds(count);
        return new RangeValue(from, start + (end * step), step * stride, length);
    }

    private static long Bound(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => throw new TemplateFault($"the bounds of a range must be integers, not {TypeNames.WithArticle(value)}."),
    };
}
