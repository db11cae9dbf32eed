using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native.Numbers;

/// <summary>
/// The operators of tensors and numbers, under their names in TorchSharp. TorchSharp's own are hidden from this assembly (ReferenceCopies.targets): see <see cref="Number"/>.
/// Even the sum of two tensors makes a number, by which the second is multiplied.
/// </summary>
internal static class NumberOperators
{
    extension(Tensor)
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right, 1);

        public static Tensor operator +(Tensor left, Number right) => left.add(right);

        public static Tensor operator +(Number left, Tensor right) => right.add(left);

        public static Tensor operator -(Tensor left, Number right) => left.sub(right.Held);

        public static Tensor operator *(Tensor left, Number right) => left.mul(right.Held);

        public static Tensor operator *(Number left, Tensor right) => right.mul(left.Held);

        public static Tensor operator /(Tensor left, Number right) => left.div(right.Held);
    }

    public static Tensor add(this Tensor tensor, Number value) => tensor.add(value.Held, ((Number)1).Held);

    public static Tensor add(this Tensor tensor, Tensor other, Number alpha) => tensor.add(other, alpha.Held);

    public static Tensor add_(this Tensor tensor, Number value) => tensor.add_(value.Held, ((Number)1).Held);

    public static Tensor add_(this Tensor tensor, Tensor other, Number alpha) => tensor.add_(other, alpha.Held);

    public static Tensor mul_(this Tensor tensor, Number value) => tensor.mul_(value.Held);

    public static Tensor div(this Tensor tensor, Number value) => tensor.div(value.Held);

    public static Tensor div_(this Tensor tensor, Number value) => tensor.div_(value.Held);

    public static Tensor pow(this Tensor tensor, Number exponent) => tensor.pow(exponent.Held);

    public static Tensor remainder(this Tensor tensor, Number divisor) => tensor.remainder(divisor.Held);

    public static Tensor addcmul(this Tensor tensor, Tensor first, Tensor second, Number value) => tensor.addcmul(first, second, value.Held);

    public static Tensor addcmul_(this Tensor tensor, Tensor first, Tensor second, Number value) => tensor.addcmul_(first, second, value.Held);

    public static Tensor addcdiv_(this Tensor tensor, Tensor numerator, Tensor denominator, Number value) => tensor.addcdiv_(numerator, denominator, value.Held);

    public static Tensor eq(this Tensor tensor, Number value) => tensor.eq(value.Held);

    public static Tensor ne(this Tensor tensor, Number value) => tensor.ne(value.Held);

    public static Tensor less(this Tensor tensor, Number value) => tensor.lt(value.Held);

    public static Tensor less_equal(this Tensor tensor, Number value) => tensor.le(value.Held);

    public static Tensor greater(this Tensor tensor, Number value) => tensor.gt(value.Held);

    public static Tensor greater_equal(this Tensor tensor, Number value) => tensor.ge(value.Held);

    public static Tensor clamp(this Tensor tensor, Number? min = null, Number? max = null) => tensor.clamp(min?.Held, max?.Held);

    public static Tensor clamp_(this Tensor tensor, Number? min = null, Number? max = null) => tensor.clamp_(min?.Held, max?.Held);

    public static Tensor clamp_min(this Tensor tensor, Number min) => tensor.clamp_min(min.Held);

    public static Tensor fill_(this Tensor tensor, Number value) => tensor.fill_(value.Held);

    public static Tensor masked_fill(this Tensor tensor, Tensor mask, Number value) => tensor.masked_fill(mask, value.Held);

    public static Tensor masked_fill_(this Tensor tensor, Tensor mask, Number value) => tensor.masked_fill_(mask, value.Held);

    public static Tensor arange(Number stop, ScalarType? dtype = null, Device? device = null) => arange(0, stop, 1, dtype, device);

    public static Tensor arange(Number start, Number stop, ScalarType? dtype = null, Device? device = null) => arange(start, stop, 1, dtype, device);

    public static Tensor arange(Number start, Number stop, Number step, ScalarType? dtype = null, Device? device = null) =>
        TorchSharp.torch.arange(start.Held, stop.Held, step.Held, dtype, device);

    public static Tensor full(ReadOnlySpan<long> size, Number value, ScalarType? dtype = null, Device? device = null) =>
        TorchSharp.torch.full(size, value.Held, dtype, device);

    public static Tensor full_like(Tensor tensor, Number value) => TorchSharp.torch.full_like(tensor, value.Held);
}
