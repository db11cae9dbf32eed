using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Distributed;

/// <summary>Real processes that Open MPI and MPICH start.</summary>
[TestClass]
[TestCategory("Process")]
public class MpiTests
{
    private const string OpenMpi = MpiLauncher.OpenMpi, Mpich = MpiLauncher.Mpich;

    [TestMethod]
    [NeedsDotNet]
    [DataRow(OpenMpi)]
    [DataRow(Mpich)]
    public void Two_processes_exchange_tensors(string launcher)
    {
        var (code, lines) = Run(launcher, "exchange");
        Assert.AreEqual(0, code, string.Join('\n', lines));
        string Expected(int rank) =>
            $"rank {rank} of 2: sum 3, max 1; Float32 3 5 7; Float64 3 5 7; BFloat16 3 5 7; Float16 3 5 7; Int64 3 5 7; Int32 3 5 7; transposed 0 4 2 6; broadcast 0 0; "
            + $"gather [2, 2] 0 0 1 1; scatter [1, 2] {(rank == 0 ? "0 3" : "6 9")}; large 3 to 3, 1 to 2, {(rank == 0 ? "2 to 2" : "4 to 4")}";
        Assert.AreSequenceEqual([Expected(0), Expected(1)], lines.Where(line => line.StartsWith("rank ", StringComparison.Ordinal)).Order());
    }

    // The other process waits for it.
    [TestMethod]
    [NeedsDotNet]
    [DataRow(OpenMpi, "abort", 7)]
    [DataRow(Mpich, "abort", 7)]
    [DataRow(OpenMpi, "leave", 3)]
    [DataRow(Mpich, "leave", 3)]
    public void A_process_that_gives_up_ends_the_others(string launcher, string what, int expected) => Assert.AreEqual(expected, Run(launcher, what).Code);

    [TestMethod]
    [NeedsDotNet]
    [DataRow(OpenMpi, "Open MPI", "libmpich.so.12", "MPICH Version")]
    [DataRow(Mpich, "MPICH", "libmpi.so.40", "Open MPI v")]
    public void A_launcher_of_another_library_is_named(string launcher, string name, string library, string version)
    {
        var (code, lines) = Run(launcher, "exchange", ("HFTRAINER_MPI_LIBRARY", library));
        Assert.AreNotEqual(0, code);
        var all = string.Join('\n', lines);
        // The launcher ends the other process when the first has failed.
        Assert.IsTrue(new[] { 0, 1 }.Any(rank => all.Contains($"{name} started this process as rank {rank} of 2, but the library {library} is that of {version}")), all);
    }

    [TestMethod]
    [NeedsDotNet]
    public void Without_a_library_the_packages_are_named()
    {
        var (code, lines) = Run(OpenMpi, "exchange", ("HFTRAINER_MPI_LIBRARY", "libabsent.so"));
        Assert.AreNotEqual(0, code);
        Assert.Contains("No MPI library was found (libabsent.so). Install Open MPI or MPICH: the package openmpi-bin or mpich on Debian", string.Join('\n', lines));
    }

    private static (int Code, List<string> Lines) Run(string launcher, string what, params (string Name, string Value)[] variables) => MpiLauncher.Run(launcher, ["mpi", what], variables);
}
