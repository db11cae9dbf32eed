using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Native.Mpi;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Distributed;

/// <summary>Connects the processes that an MPI launcher started.</summary>
/// <remarks>A process that ends without disposing this, as through an exception, ends all.</remarks>
internal sealed class MpiCommunicator : ProcessCommunicator
{
    private static readonly TimeSpan _abortTime = TimeSpan.FromSeconds(5);

    private readonly MpiLibrary _mpi;

    private MpiCommunicator(MpiLibrary mpi) => (_mpi, Rank, WorldSize) = (mpi, mpi.Rank, mpi.WorldSize);

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

    public override long AllReduce(long value, ReduceOperation operation)
    {
        Span<long> values = [value];
        _mpi.AllReduce(values, _mpi.Abi.Int64, Of(operation));
        return values[0];
    }

    public override void Barrier() => _mpi.Barrier();

    // MPI ends this process, too, but may wait for a launcher that does not answer. A launcher ends the others when one has left with an error.
    public override void Abort(int code)
    {
        new Thread(() => _mpi.Abort(code)) { IsBackground = true }.Start();
        Thread.Sleep(_abortTime);
        Environment.Exit(code);
    }

    public override void Dispose() => _mpi.End();

    protected override void Reduce(Tensor piece, ReduceOperation operation)
    {
        switch (piece.dtype)
        {
            case ScalarType.Float32: _mpi.AllReduce(As<float>(piece), _mpi.Abi.Float, Of(operation)); break;
            case ScalarType.Float64: _mpi.AllReduce(As<double>(piece), _mpi.Abi.Double, Of(operation)); break;
            default: _mpi.AllReduce(As<long>(piece), _mpi.Abi.Int64, Of(operation)); break;
        }
    }

    protected override void Broadcast(Span<byte> piece) => _mpi.Broadcast(piece);

    protected override void AllGather(ReadOnlySpan<byte> own, Span<byte> all) => _mpi.AllGather(own, all);

    protected override void ReduceScatter(Tensor piece, Tensor own)
    {
        switch (piece.dtype)
        {
            case ScalarType.Float32: _mpi.ReduceScatter(As<float>(piece), As<float>(own), _mpi.Abi.Float, _mpi.Abi.Sum); break;
            case ScalarType.Float64: _mpi.ReduceScatter(As<double>(piece), As<double>(own), _mpi.Abi.Double, _mpi.Abi.Sum); break;
            default: _mpi.ReduceScatter(As<long>(piece), As<long>(own), _mpi.Abi.Int64, _mpi.Abi.Sum); break;
        }
    }

    private static InvalidOperationException Misplaced(ClusterEnvironment environment, MpiLibrary mpi, string found) => new(
        $"{environment.Launcher ?? "No launcher"} started this process as rank {environment.Rank} of {environment.WorldSize}, but the library {mpi.File} is that of {mpi.Version}, and the process "
        + $"{found}. Start the program with the mpirun of that library, or set {MpiFiles.Variable} to the library of the launcher.");

    private nint Of(ReduceOperation operation) => operation == ReduceOperation.Sum ? _mpi.Abi.Sum : _mpi.Abi.Max;

    private static Span<T> As<T>(Tensor piece) where T : unmanaged => MemoryMarshal.Cast<byte, T>(piece.bytes);
}
