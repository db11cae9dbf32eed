using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointRotationTests
{
    [TestMethod]
    [DataRow(null, "d", null, "")]
    [DataRow(4, "d", null, "")]
    [DataRow(2, "d", null, "a,b")]
    [DataRow(2, "d", "a", "b,c")]
    [DataRow(1, "d", "b", "a,c")]
    [DataRow(1, "d", "d", "a,b,c")]
    [DataRow(3, "d", "b", "a")]
    [DataRow(1, "d", "elsewhere", "a,b")]
    public void The_oldest_go_but_neither_the_newest_nor_the_best(int? limit, string newest, string? best, string expected) =>
        Assert.AreEqual(expected, string.Join(',', CheckpointRotation.Beyond(["a", "b", "c", "d"], limit, newest, best)));

    [TestMethod]
    public void The_best_is_kept_whichever_way_its_path_is_written()
    {
        using var folder = new TemporaryFolder();
        string[] sorted = [folder["checkpoint-1"], folder["checkpoint-2"], folder["checkpoint-3"]];
        var written = new List<string> { Path.GetRelativePath(Environment.CurrentDirectory, sorted[0]), sorted[0] + Path.DirectorySeparatorChar, folder["checkpoint-2/../checkpoint-1"] };
        if (OperatingSystem.IsWindows())
            written.Add(sorted[0].ToUpperInvariant());
        foreach (var best in written)
            CollectionAssert.AreEqual(new[] { sorted[1] }, CheckpointRotation.Beyond(sorted, 1, sorted[2], best).ToArray(), best);
    }

    [TestMethod]
    public void Age_goes_by_time_and_by_number_where_times_say_nothing()
    {
        using var folder = new TemporaryFolder();
        var now = DateTime.UtcNow;
        foreach (var (name, age) in new[] { ("checkpoint-10", 0.2), ("checkpoint-9", 0.1), ("checkpoint-100", 0.3), ("checkpoint-x", 0), (".checkpoint-8.discarded", 0) })
            Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(folder[name]).FullName, now.AddSeconds(-age));
        Assert.AreEqual("checkpoint-9,checkpoint-10,checkpoint-100", Sorted(folder));
        Directory.SetLastWriteTimeUtc(folder["checkpoint-100"], now.AddSeconds(-60));
        Assert.AreEqual("checkpoint-100,checkpoint-10,checkpoint-9", Sorted(folder));
    }

    private static string Sorted(TemporaryFolder folder) => string.Join(',', CheckpointRotation.Sorted(folder.Path).Select(Path.GetFileName));
}
