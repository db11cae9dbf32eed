using System.Numerics;

namespace Microsoft.ML.HfTrainer.Tokenization.Chat.Values;

/// <summary>The <c>start:stop:step</c> of a subscript; omitted bounds are null.</summary>
internal sealed class SliceValue : TemplateObject
{
    private readonly BigInteger? _start, _stop;
    private readonly BigInteger _step;

    public SliceValue(object? start, object? stop, object? step)
    {
        (_start, _stop) = (Bound(start), Bound(stop));
        _step = Bound(step) ?? BigInteger.One;
        if (_step.IsZero)
            throw new TemplateFault("the step of a slice must not be 0.");
    }

    public override string TypeName => "slice";

    /// <summary>Returns the first index, the step, and the number of indices for a sequence of the given length.</summary>
    public (int Start, int Step, int Count) Over(int length)
    {
        var (start, stop) = Bounds(length);
        var step = BigInteger.Max(int.MinValue + 1, BigInteger.Min(int.MaxValue, _step));
        var count = step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
        return (start, (int)step, (int)BigInteger.Max(count, 0));
    }

    /// <summary>Returns the start and stop index for a sequence of the given length.</summary>
    public (int Start, int Stop) Bounds(int length)
    {
        var (least, most) = _step > 0 ? (0, length) : (-1, length - 1);
        return (Clamp(_start, _step > 0 ? least : most), Clamp(_stop, _step > 0 ? most : least));

        int Clamp(BigInteger? bound, int absent)
        {
            if (bound is not { } place)
                return absent;
            if (place < 0)
                place += length;
            return (int)BigInteger.Max(least, BigInteger.Min(most, place));
        }
    }

    private static BigInteger? Bound(object? value) =>
        value is null ? null
        : Integers.TryGet(value, out var number) ? number
        : throw (value as Undefined)?.Fault() ?? new TemplateFault($"the bounds of a slice must be integers, not {TypeNames.WithArticle(value)}.");
}
