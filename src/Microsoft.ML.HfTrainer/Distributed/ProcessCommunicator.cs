using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>
/// Exchanges tensors of any type and device with other processes, in pieces in the memory of the processor. Half precision is added up in float32, other whole numbers in 64 bits.
/// </summary>
internal abstract class ProcessCommunicator : ICommunicator, IDisposable
{
    // Counts of 32 bits hold a piece, and smaller pieces also bound the copies.
    private const long PieceBytes = 1 << 26;

    public int Rank { get; protected init; }

    public int WorldSize { get; protected init; }

    public abstract long AllReduce(long value, ReduceOperation operation);

    public void AllReduce(IReadOnlyList<Tensor> tensors, ReduceOperation operation)
    {
        foreach (var tensor in tensors)
            Exchange(tensor, Summed(tensor.dtype), piece => Reduce(piece, operation));
    }

    // Every process has the gradients of the whole model.
    public Tensor AllReduceNorm(Tensor norm) => norm;

    public void Broadcast(IReadOnlyList<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            Exchange(tensor, tensor.dtype, piece => Broadcast(piece.bytes));
    }

    public Tensor AllGather(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var own = Flat(tensor, tensor.dtype);
        var all = empty(WorldSize, own.numel(), dtype: own.dtype);
        foreach (var (start, length) in Pieces(own.numel(), own.dtype))
        {
            using var piece = empty(WorldSize, length, dtype: own.dtype);
            AllGather(own.narrow(0, start, length).bytes, piece.bytes);
            all.narrow(1, start, length).copy_(piece);
        }
        return all.view([WorldSize * tensor.shape[0], .. tensor.shape[1..]]).to(tensor.device).MoveToOuterDisposeScope();
    }

    public Tensor ReduceScatter(Tensor tensor)
    {
        if (tensor.shape[0] % WorldSize != 0)
            throw new ArgumentException($"The tensor has {tensor.shape[0]} rows; it should have a multiple of {WorldSize}, the number of processes.", nameof(tensor));
        using var scope = NewDisposeScope();
        var all = Flat(tensor, Summed(tensor.dtype)).view(WorldSize, -1);
        var own = empty(all.shape[1], dtype: all.dtype);
        foreach (var (start, length) in Pieces(all.shape[1], all.dtype))
        {
            using var piece = all.narrow(1, start, length).contiguous();
            ReduceScatter(piece, own.narrow(0, start, length));
        }
        return own.view([tensor.shape[0] / WorldSize, .. tensor.shape[1..]]).to(tensor.dtype).to(tensor.device).MoveToOuterDisposeScope();
    }

    public abstract void Barrier();

    public abstract void Abort(int code);

    public abstract void Dispose();

    /// <summary>Combines a piece over all processes, in place.</summary>
    /// <param name="piece">Numbers of float32, float64 or 64 bits, in the memory of the processor.</param>
    /// <param name="operation">How they are combined.</param>
    protected abstract void Reduce(Tensor piece, ReduceOperation operation);

    /// <summary>Replaces bytes by those of the first process.</summary>
    protected abstract void Broadcast(Span<byte> piece);

    /// <summary>Collects as many bytes from each process, in the order of the processes.</summary>
    protected abstract void AllGather(ReadOnlySpan<byte> own, Span<byte> all);

    /// <summary>Adds the rows of a piece over all processes, of which each has one.</summary>
    /// <param name="piece">Numbers as of <see cref="Reduce"/>, a row for each process.</param>
    /// <param name="own">Receives the sum of the row of this process.</param>
    protected abstract void ReduceScatter(Tensor piece, Tensor own);

    private static ScalarType Summed(ScalarType type) => type switch
    {
        ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 => ScalarType.Float32,
        ScalarType.Float64 => ScalarType.Float64,
        _ => ScalarType.Int64,
    };

    private void Exchange(Tensor tensor, ScalarType type, Action<Tensor> exchange)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var isInPlace = tensor.device_type == DeviceType.CPU && tensor.is_contiguous() && tensor.dtype == type;
        var flat = isInPlace ? tensor.detach().view(-1) : Flat(tensor, type);
        foreach (var (start, length) in Pieces(flat.numel(), type))
            exchange(flat.narrow(0, start, length));
        if (!isInPlace)
            tensor.copy_(flat.view(tensor.shape));
    }

    private static Tensor Flat(Tensor tensor, ScalarType type) => tensor.detach().to(CPU).to(type).contiguous().view(-1);

    private IEnumerable<(long Start, long Length)> Pieces(long count, ScalarType type)
    {
        using var one = empty(1, dtype: type);
        var length = Math.Max(1, PieceBytes / WorldSize / one.ElementSize);
        for (long start = 0; start < count; start += length)
            yield return (start, Math.Min(length, count - start));
    }
}
