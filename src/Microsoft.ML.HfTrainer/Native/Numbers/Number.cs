using TorchSharp;

namespace Microsoft.ML.HfTrainer.Native.Numbers;

/// <summary>
/// A number for an operator of libtorch. TorchSharp's <see cref="Scalar"/> is freed by the garbage collector while native code reads it where nothing
/// else refers to it, as nothing does where TorchSharp makes one of a number itself: the operator then fails, or computes with another number.
/// </summary>
internal readonly struct Number
{
    // No operator takes as many numbers.
    private const int HeldAtOnce = 16;

    [ThreadStatic]
    private static Scalar?[]? _held;

    [ThreadStatic]
    private static int _next;

    private readonly double _real;
    private readonly long _whole;
    private readonly bool _isWhole;

    private Number(double real, long whole, bool isWhole) => (_real, _whole, _isWhole) = (real, whole, isWhole);

    public static implicit operator Number(double value) => new(value, 0, false);

    public static implicit operator Number(long value) => new(0, value, true);

    /// <summary>The number for one call of an operator on this thread; it is freed by later ones.</summary>
    public Scalar Held
    {
        get
        {
            var held = _held ??= new Scalar?[HeldAtOnce];
            _next = (_next + 1) % HeldAtOnce;
            held[_next]?.Dispose();
            return held[_next] = _isWhole ? _whole.ToScalar() : _real.ToScalar();
        }
    }
}
