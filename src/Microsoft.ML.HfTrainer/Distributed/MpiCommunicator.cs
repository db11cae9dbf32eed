using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Native.Mpi;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>
/// Connects the processes that an MPI launcher started. Tensors are exchanged in the memory of the processor, in pieces; those of another device, and those of types that
/// MPI does not add up, are converted on the way.
/// </summary>
/// <remarks>A process that ends without disposing this, as through an exception, ends all.</remarks>
internal sealed class MpiCommunicator : ICommunicator, IDisposable
{
    // MPI counts with 32 bits, and so do spans; smaller pieces also bound the copies.
    private const long PieceBytes = 1 << 26;

    private static readonly TimeSpan _abortTime = TimeSpan.FromSeconds(5);

    private readonly MpiLibrary _mpi;

    private MpiCommunicator(MpiLibrary mpi) => (_mpi, Rank, WorldSize) = (mpi, mpi.Rank, mpi.WorldSize);

    public int Rank { get; }

    public int WorldSize { get; }

    /// <summary>The name and version of the MPI library.</summary>
    public string Library => _mpi.Version;

    /// <summary>Meets the other processes.</summary>
    /// <exception cref="DllNotFoundException">There is no MPI library.</exception>
    /// <exception cref="InvalidOperationException">The processes were not started by a launcher of this MPI library.</exception>
    public static MpiCommunicator Connect(ClusterEnvironment environment)
    {
        var mpi = new MpiLibrary(environment.Launcher);
        if (!mpi.Abi.SetByLaunchers.Any(name => Environment.GetEnvironmentVariable(name) is not null))
            throw Misplaced(environment, mpi, "was not started by its launcher");
        mpi.Start();
        var communicator = new MpiCommunicator(mpi);
        if ((communicator.Rank, communicator.WorldSize) == (environment.Rank, environment.WorldSize))
            return communicator;
        communicator.Dispose();
        throw Misplaced(environment, mpi, $"has rank {communicator.Rank} of {communicator.WorldSize} there");
    }

    public long AllReduce(long value, ReduceOperation operation)
    {
        Span<long> values = [value];
        _mpi.AllReduce(values, _mpi.Abi.Int64, Of(operation));
        return values[0];
    }

    public void AllReduce(IReadOnlyList<Tensor> tensors, ReduceOperation operation)
    {
        foreach (var tensor in tensors)
            Exchange(tensor, Summed(tensor.dtype), piece =>
            {
                switch (piece.dtype)
                {
                    case ScalarType.Float32: _mpi.AllReduce(As<float>(piece), _mpi.Abi.Float, Of(operation)); break;
                    case ScalarType.Float64: _mpi.AllReduce(As<double>(piece), _mpi.Abi.Double, Of(operation)); break;
                    default: _mpi.AllReduce(As<long>(piece), _mpi.Abi.Int64, Of(operation)); break;
                }
            });
    }

    // Every process has the gradients of the whole model.
    public Tensor AllReduceNorm(Tensor norm) => norm;

    public void Broadcast(IReadOnlyList<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            Exchange(tensor, tensor.dtype, piece => _mpi.Broadcast(piece.bytes));
    }

    public Tensor AllGather(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var own = Flat(tensor, tensor.dtype);
        var all = empty(WorldSize, own.numel(), dtype: own.dtype);
        foreach (var (start, length) in Pieces(own.numel(), own.dtype))
        {
            using var piece = empty(WorldSize, length, dtype: own.dtype);
            _mpi.AllGather(own.narrow(0, start, length).bytes, piece.bytes);
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
            var part = own.narrow(0, start, length);
            switch (all.dtype)
            {
                case ScalarType.Float32: _mpi.ReduceScatter(As<float>(piece), As<float>(part), _mpi.Abi.Float, _mpi.Abi.Sum); break;
                case ScalarType.Float64: _mpi.ReduceScatter(As<double>(piece), As<double>(part), _mpi.Abi.Double, _mpi.Abi.Sum); break;
                default: _mpi.ReduceScatter(As<long>(piece), As<long>(part), _mpi.Abi.Int64, _mpi.Abi.Sum); break;
            }
        }
        return own.view([tensor.shape[0] / WorldSize, .. tensor.shape[1..]]).to(tensor.dtype).to(tensor.device).MoveToOuterDisposeScope();
    }

    public void Barrier() => _mpi.Barrier();

    // MPI ends this process, too, but may wait for a launcher that does not answer. A launcher ends the others when one has left with an error.
    public void Abort(int code)
    {
        new Thread(() => _mpi.Abort(code)) { IsBackground = true }.Start();
        Thread.Sleep(_abortTime);
        Environment.Exit(code);
    }

    public void Dispose() => _mpi.End();

    private static InvalidOperationException Misplaced(ClusterEnvironment environment, MpiLibrary mpi, string found) => new(
        $"{environment.Launcher ?? "No launcher"} started this process as rank {environment.Rank} of {environment.WorldSize}, but the library {mpi.File} is that of {mpi.Version}, and the process "
        + $"{found}. Start the program with the mpirun of that library, or set {MpiFiles.Variable} to the library of the launcher.");

    private nint Of(ReduceOperation operation) => operation == ReduceOperation.Sum ? _mpi.Abi.Sum : _mpi.Abi.Max;

    // Half precision is added up in float32, other whole numbers in 64 bits.
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

    private static Span<T> As<T>(Tensor piece) where T : unmanaged => MemoryMarshal.Cast<byte, T>(piece.bytes);
}
