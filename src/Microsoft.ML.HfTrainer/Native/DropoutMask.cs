using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>
/// Draws dropout masks: one 64-bit number from the global generator seeds eight xoshiro256++ generators (Blackman and Vigna,
/// arXiv:1805.01407) that run in SIMD lanes, and each 16 bits decide one element. The only state to save is thus that of the global generator.
/// </summary>
internal static class DropoutMask
{
    private const int Resolution = 1 << 16, LanesBytes = 64;

    // A span holds at most 2 GiB, so a larger mask is filled piece by piece; each piece but the last is a multiple of the 32 elements drawn at a time.
    private const int PieceLength = 1 << 28;

    /// <summary>
    /// Returns a mask with the shape of <paramref name="like"/>: 0 with the probability <paramref name="p"/> (to 1/65536), otherwise the scale that preserves the mean. It has the type of
    /// <paramref name="like"/> if that has 16 bits, and is float32 otherwise.
    /// </summary>
    public static Tensor Draw(Tensor like, double p) => Draw(like, p, PieceLength);

    internal static Tensor Draw(Tensor like, double p, int pieceLength)
    {
        var type = like.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? like.dtype : ScalarType.Float32;
        var mask = empty(like.shape, type);
        var dropped = Math.Clamp((int)Math.Round(p * Resolution), 1, Resolution - 1);
        var scale = (float)(Resolution / (double)(Resolution - dropped));
        var random = new Generators(DrawSeed());
        var length = mask.numel();
        if (length <= pieceLength)
        {
            Fill(mask, (ushort)dropped, scale, ref random);
            return mask;
        }
        using var flat = mask.view(-1);
        for (var start = 0L; start < length; start += pieceLength)
        {
            using var piece = flat.narrow(0, start, Math.Min(pieceLength, length - start));
            Fill(piece, (ushort)dropped, scale, ref random);
        }
        return mask;
    }

    private static void Fill(Tensor mask, ushort dropped, float scale, ref Generators random)
    {
        if (mask.dtype == ScalarType.Float32)
            Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), dropped, scale, ref random);
        else
            Fill(MemoryMarshal.Cast<byte, ushort>(mask.bytes), dropped, mask.dtype == ScalarType.BFloat16 ? BFloat16Bits(scale) : BitConverter.HalfToUInt16Bits((Half)scale), ref random);
    }

    // The upper half of a float32, rounded to even.
    private static ushort BFloat16Bits(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)(bits + 0x7fff + (bits >> 16 & 1) >> 16);
    }

    private static ulong DrawSeed()
    {
        using var seed = empty(1, ScalarType.Int64);
        seed.random_(0, 1L << 62);
        return (ulong)seed.item<long>();
    }

    private static void Fill(Span<float> mask, ushort dropped, float scale, ref Generators random)
    {
        var (threshold, kept) = (Vector512.Create((uint)dropped), Vector512.Create(scale));
        var low = Vector512.Create(0xffffu);
        Span<float> rest = stackalloc float[32];
        for (var i = 0; i < mask.Length; i += 32)
        {
            var bits = random.Next().AsUInt32();
            var target = mask.Length - i >= 32 ? mask.Slice(i, 32) : rest;
            ref var start = ref MemoryMarshal.GetReference(target);
            (kept & Vector512.GreaterThanOrEqual(bits & low, threshold).AsSingle()).StoreUnsafe(ref start);
            (kept & Vector512.GreaterThanOrEqual(Vector512.ShiftRightLogical(bits, 16), threshold).AsSingle()).StoreUnsafe(ref start, 16);
            if (mask.Length - i < 32)
                rest[..(mask.Length - i)].CopyTo(mask[i..]);
        }
    }

    private static void Fill(Span<ushort> mask, ushort dropped, ushort scale, ref Generators random)
    {
        var (threshold, kept) = (Vector512.Create(dropped), Vector512.Create(scale));
        Span<ushort> rest = stackalloc ushort[32];
        for (var i = 0; i < mask.Length; i += 32)
        {
            var target = mask.Length - i >= 32 ? mask.Slice(i, 32) : rest;
            (kept & Vector512.GreaterThanOrEqual(random.Next().AsUInt16(), threshold)).StoreUnsafe(ref MemoryMarshal.GetReference(target));
            if (mask.Length - i < 32)
                rest[..(mask.Length - i)].CopyTo(mask[i..]);
        }
    }

    // The states of the eight generators, one in each lane.
    private struct Generators(ulong seed)
    {
        private Vector512<ulong> _a = Seeds(ref seed), _b = Seeds(ref seed), _c = Seeds(ref seed), _d = Seeds(ref seed);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ulong> Next()
        {
            var result = RotateLeft(_a + _d, 23) + _a;
            var t = Vector512.ShiftLeft(_b, 17);
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= t;
            _d = RotateLeft(_d, 45);
            return result;
        }
    }

    private static Vector512<ulong> RotateLeft(Vector512<ulong> x, int bits) => Vector512.ShiftLeft(x, bits) | Vector512.ShiftRightLogical(x, 64 - bits);

    // SplitMix64, which the generators' authors advise for seeding.
    private static Vector512<ulong> Seeds(ref ulong state)
    {
        Span<ulong> lanes = stackalloc ulong[LanesBytes / sizeof(ulong)];
        foreach (ref var lane in lanes)
        {
            var z = state += 0x9e3779b97f4a7c15;
            z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
            z = (z ^ z >> 27) * 0x94d049bb133111eb;
            lane = z ^ z >> 31;
        }
        return Vector512.Create<ulong>(lanes);
    }
}
