using Microsoft.ML.HfTrainer.Native.Kernels;

namespace Microsoft.ML.HfTrainer.Tests.Native.Kernels;

[TestClass]
public unsafe class ComputeTeamTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(1000)]
    public void Every_part_runs_once(int parts) => Assert.IsTrue(Run(parts).All(count => count == 1));

    [TestMethod]
    public void Callers_on_several_threads_get_all_of_their_parts() => Parallel.For(0, 200, new() { MaxDegreeOfParallelism = 8 }, _ =>
    {
        using var threads = new ThreadCount(4);
        Assert.IsTrue(Run(50).All(count => count == 1));
    });

    [TestMethod]
    public void Threads_that_sleep_are_no_obstacle()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.IsTrue(Run(8).All(count => count == 1));
            // Longer than they stay awake.
            Thread.Sleep(3);
        }
    }

    private static int[] Run(int parts)
    {
        var counts = new int[parts + 1];
        fixed (int* start = counts)
            ComputeTeam.Run(parts, new Count(start));
        return counts[..parts];
    }

    private readonly struct Count(int* counts) : IParts
    {
        public void Run(int part) => Interlocked.Increment(ref counts[part]);
    }
}
