using System.Buffers;
using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.HfTrainer.Native.Kernels;

/// <summary>Attention of one token of each text over cached keys and values, in one pass over them.</summary>
internal static unsafe class OneTokenAttention
{
    /// <summary>Returns the attended values, <c>[batch, heads · head size]</c>.</summary>
    /// <param name="query">The queries, <c>[batch, heads, 1, head size]</c>.</param>
    /// <param name="key">The keys, <c>[batch, key heads, keys, head size]</c>; neighbouring query heads share one of them.</param>
    /// <param name="value">The values, of the same shape.</param>
    /// <param name="scale">The factor of the scores. If null, 1/√(head size).</param>
    /// <param name="bias">What is added to the scores, <c>[batch or 1, heads or 1, 1, keys]</c> float32; the lowest number hides a key. If null, nothing is.</param>
    public static Tensor Forward(Tensor query, Tensor key, Tensor value, double? scale, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var (batch, heads, keyHeads, keys) = (query.shape[0], query.shape[1], key.shape[1], key.shape[2]);
        var (size, valueSize) = (query.shape[3], value.shape[3]);
        var result = empty([batch, heads * valueSize]);
        ComputeTeam.Run((int)(batch * heads), new Heads
        {
            Query = States.Of(query),
            Key = States.Of(key),
            Value = States.Of(value),
            Bias = bias is null ? default : States.Of(bias.expand(batch, heads, 1, keys)),
            Output = KernelTensors.Pointer(result),
            Count = (int)heads,
            PerKeyHead = (int)(heads / keyHeads),
            Keys = (int)keys,
            Size = (int)size,
            ValueSize = (int)valueSize,
            Scale = (float)(scale ?? 1 / Math.Sqrt(size)),
        });
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Writes the states of one token of each text to a place among those of others.</summary>
    /// <param name="states">The states, <c>[batch, heads, 1, head size]</c>.</param>
    /// <param name="all">Where they are written, <c>[batch, heads, tokens, head size]</c>.</param>
    /// <param name="place">The number of the token.</param>
    public static void Write(Tensor states, Tensor all, long place)
    {
        using var scope = NewDisposeScope();
        var (from, to, size) = (States.Of(states), States.Of(all), (int)states.shape[3]);
        for (var batch = 0; batch < states.shape[0]; batch++)
            for (var head = 0; head < states.shape[1]; head++)
                new Span<float>(from.At(batch, head), size).CopyTo(new(to.At(batch, head, place), size));
    }

    /// <summary>States <c>[batch, heads, tokens, size]</c>, of which the numbers of a token lie side by side.</summary>
    private readonly struct States(float* start, long ofBatch, long ofHead, long ofToken)
    {
        public bool IsEmpty => start is null;

        public static States Of(Tensor states)
        {
            var rows = states.stride(3) == 1 ? states : states.contiguous();
            return new(KernelTensors.Pointer(rows), rows.stride(0), rows.stride(1), rows.stride(2));
        }

        public float* At(int batch, int head, long token = 0) => start + batch * ofBatch + head * ofHead + token * ofToken;
    }

    /// <summary>The heads of all texts, of which each is a part.</summary>
    private readonly struct Heads : IParts
    {
        public required States Query { get; init; }

        public required States Key { get; init; }

        public required States Value { get; init; }

        public required States Bias { get; init; }

        /// <summary>The attended values, <c>[batch, heads, value size]</c>.</summary>
        public required float* Output { get; init; }

        /// <summary>The number of query heads.</summary>
        public required int Count { get; init; }

        /// <summary>The number of query heads that share a key head.</summary>
        public required int PerKeyHead { get; init; }

        public required int Keys { get; init; }

        public required int Size { get; init; }

        public required int ValueSize { get; init; }

        public required float Scale { get; init; }

        public void Run(int part)
        {
            var (batch, head) = (part / Count, part % Count);
            var keyHead = head / PerKeyHead;
            var rented = ArrayPool<float>.Shared.Rent(Keys);
            var scores = rented.AsSpan(0, Keys);
            var query = new ReadOnlySpan<float>(Query.At(batch, head), Size);
            for (var i = 0; i < scores.Length; i++)
                scores[i] = TensorPrimitives.Dot(query, new(Key.At(batch, keyHead, i), Size)) * Scale;
            if (!Bias.IsEmpty)
                TensorPrimitives.Add(scores, new ReadOnlySpan<float>(Bias.At(batch, head), Keys), scores);
            // The largest is taken from all of them, so that no power is out of range.
            TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), scores);
            TensorPrimitives.Exp(scores, scores);
            TensorPrimitives.Divide(scores, TensorPrimitives.Sum(scores), scores);
            var attended = new Span<float>(Output + (long)part * ValueSize, ValueSize);
            attended.Clear();
            for (var i = 0; i < scores.Length; i++)
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(Value.At(batch, keyHead, i), ValueSize), scores[i], attended, attended);
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
