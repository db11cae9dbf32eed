using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Native.Mpi;

/// <summary>The handles by which an MPI library knows its predefined objects: addresses in Open MPI, numbers in MPICH and the libraries that share its binary interface.</summary>
internal sealed record MpiAbi
{
    // Also of Intel MPI and MVAPICH.
    private static readonly MpiAbi _mpich = new()
    {
        World = 0x44000000, InPlace = -1, Byte = 0x4c00010d, Float = 0x4c00040a, Double = 0x4c00080b, Int64 = 0x4c00083a, Sum = 0x58000003, Max = 0x58000001,
        SetByLaunchers = ["PMI_RANK", "PMI_FD", "PMIX_RANK", "SLURM_STEP_ID"],
    };

    /// <summary>All processes.</summary>
    public required nint World { get; init; }

    /// <summary>In place of the address of values that are overwritten by the result.</summary>
    public required nint InPlace { get; init; }

    public required nint Byte { get; init; }

    public required nint Float { get; init; }

    public required nint Double { get; init; }

    public required nint Int64 { get; init; }

    public required nint Sum { get; init; }

    public required nint Max { get; init; }

    /// <summary>Environment variables of which each launcher of the library sets one. Without one, a process would be alone, and Open MPI would start a service for it that stays.</summary>
    public required IReadOnlyList<string> SetByLaunchers { get; init; }

    /// <summary>Returns the handles of a loaded library.</summary>
    public static MpiAbi Of(nint library)
    {
        nint Address(string name) => NativeLibrary.GetExport(library, name);
        return !NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out var world) ? _mpich : new MpiAbi
        {
            World = world, InPlace = 1, Byte = Address("ompi_mpi_byte"), Float = Address("ompi_mpi_float"), Double = Address("ompi_mpi_double"), Int64 = Address("ompi_mpi_int64_t"),
            Sum = Address("ompi_mpi_op_sum"), Max = Address("ompi_mpi_op_max"),
            SetByLaunchers = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_STEP_ID"],
        };
    }
}
