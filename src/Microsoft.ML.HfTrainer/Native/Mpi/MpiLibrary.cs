using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.HfTrainer.Native.Mpi;

/// <summary>The calls of an MPI library, Open MPI or one with MPICH's binary interface, between all processes. An error in one of them ends all processes, which is MPI's default.</summary>
internal sealed unsafe class MpiLibrary
{
    // Calls come from any thread, but one at a time.
    private const int Serialized = 2;
    private const int VersionLength = 8192;

    private readonly nint _library;
    private readonly Lock _calls = new();
    private readonly delegate* unmanaged<nint, nint, int, nint, nint, nint, int> _allReduce;
    private readonly delegate* unmanaged<nint, int, nint, int, nint, int> _broadcast;
    private readonly delegate* unmanaged<nint, int, nint, nint, int, nint, nint, int> _allGather;
    private readonly delegate* unmanaged<nint, nint, int, nint, nint, nint, int> _reduceScatter;

    /// <summary>Loads the library.</summary>
    /// <param name="launcher">The name of the launcher of this process.</param>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public MpiLibrary(string? launcher)
    {
        (_library, File) = MpiFiles.Load(launcher);
        Abi = MpiAbi.Of(_library);
        _allReduce = (delegate* unmanaged<nint, nint, int, nint, nint, nint, int>)Function("MPI_Allreduce");
        _broadcast = (delegate* unmanaged<nint, int, nint, int, nint, int>)Function("MPI_Bcast");
        _allGather = (delegate* unmanaged<nint, int, nint, nint, int, nint, nint, int>)Function("MPI_Allgather");
        _reduceScatter = (delegate* unmanaged<nint, nint, int, nint, nint, nint, int>)Function("MPI_Reduce_scatter_block");
    }

    public string File { get; }

    public MpiAbi Abi { get; }

    /// <summary>The name and version of the library.</summary>
    public string Version
    {
        get
        {
            var text = stackalloc byte[VersionLength];
            int length;
            Check(((delegate* unmanaged<byte*, int*, int>)Function("MPI_Get_library_version"))(text, &length));
            return Encoding.UTF8.GetString(text, length).TrimEnd('\0').Split('\n')[0];
        }
    }

    /// <summary>The number of this process, after <see cref="Start"/>.</summary>
    public int Rank => Number("MPI_Comm_rank");

    /// <summary>The number of all processes, after <see cref="Start"/>.</summary>
    public int WorldSize => Number("MPI_Comm_size");

    /// <summary>Meets the other processes, unless the program has done so.</summary>
    /// <exception cref="NotSupportedException">The library cannot be called from different threads.</exception>
    public void Start()
    {
        int provided;
        if (Flag("MPI_Initialized"))
            Check(((delegate* unmanaged<int*, int>)Function("MPI_Query_thread"))(&provided));
        else
            Check(((delegate* unmanaged<nint, nint, int, int*, int>)Function("MPI_Init_thread"))(0, 0, Serialized, &provided));
        if (provided < Serialized)
            throw new NotSupportedException($"{File} gives thread level {provided}; it should give at least {Serialized} (MPI_THREAD_SERIALIZED), since training calls it from several threads.");
    }

    /// <summary>Leaves the other processes, once. A process that ends without this ends all of them.</summary>
    public void End()
    {
        lock (_calls)
            if (!Flag("MPI_Finalized"))
                Check(((delegate* unmanaged<int>)Function("MPI_Finalize"))());
    }

    /// <summary>Ends all processes at once.</summary>
    public void Abort(int code) => ((delegate* unmanaged<nint, int, int>)Function("MPI_Abort"))(Abi.World, code);

    /// <summary>Waits until all processes have called it.</summary>
    public void Barrier()
    {
        lock (_calls)
            Check(((delegate* unmanaged<nint, int>)Function("MPI_Barrier"))(Abi.World));
    }

    /// <summary>Combines values over all processes, in place.</summary>
    public void AllReduce<T>(Span<T> values, nint type, nint operation) where T : unmanaged
    {
        fixed (T* address = values)
            lock (_calls)
                Check(_allReduce(Abi.InPlace, (nint)address, values.Length, type, operation, Abi.World));
    }

    /// <summary>Replaces values by those of the first process.</summary>
    public void Broadcast(Span<byte> values)
    {
        fixed (byte* address = values)
            lock (_calls)
                Check(_broadcast((nint)address, values.Length, Abi.Byte, 0, Abi.World));
    }

    /// <summary>Collects the values of all processes, in their order.</summary>
    public void AllGather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        fixed (byte* from = own, to = all)
            lock (_calls)
                Check(_allGather((nint)from, own.Length, Abi.Byte, (nint)to, own.Length, Abi.Byte, Abi.World));
    }

    /// <summary>Combines values over all processes, and gives each process its part of the result.</summary>
    public void ReduceScatter<T>(ReadOnlySpan<T> all, Span<T> own, nint type, nint operation) where T : unmanaged
    {
        fixed (T* from = all, to = own)
            lock (_calls)
                Check(_reduceScatter((nint)from, (nint)to, own.Length, type, operation, Abi.World));
    }

    private nint Function(string name) => NativeLibrary.GetExport(_library, name);

    private bool Flag(string name)
    {
        int flag;
        Check(((delegate* unmanaged<int*, int>)Function(name))(&flag));
        return flag != 0;
    }

    private int Number(string name)
    {
        int number;
        Check(((delegate* unmanaged<nint, int*, int>)Function(name))(Abi.World, &number));
        return number;
    }

    private void Check(int code)
    {
        if (code != 0)
            throw new InvalidOperationException($"{File}: MPI error {code}.");
    }
}
