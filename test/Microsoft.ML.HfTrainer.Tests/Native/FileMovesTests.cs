using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public sealed class FileMovesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [OSCondition(OperatingSystems.Windows)]
    public void A_file_that_is_open_is_replaced_once_it_is_closed()
    {
        File.WriteAllText(_folder["old"], "old");
        File.WriteAllText(_folder["new"], "new");
        using var scanner = new FileStream(_folder["old"], FileMode.Open, FileAccess.Read, FileShare.Read);
        var waits = new List<TimeSpan>();
        FileMoves.Patiently(() => File.Move(_folder["new"], _folder["old"], overwrite: true), wait =>
        {
            waits.Add(wait);
            if (waits.Count == 3)
                scanner.Dispose();
        });
        Assert.HasCount(3, waits);
        Assert.IsGreaterThan(waits[0], waits[2]);
        Assert.AreEqual("new", File.ReadAllText(_folder["old"]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Windows)]
    public void A_file_that_stays_open_is_an_error()
    {
        File.WriteAllText(_folder["old"], "old");
        File.WriteAllText(_folder["new"], "new");
        using var reader = new FileStream(_folder["old"], FileMode.Open, FileAccess.Read, FileShare.Read);
        var failure = Assert.Throws<Exception>(() => FileMoves.Patiently(() => File.Move(_folder["new"], _folder["old"], overwrite: true), _ => { }));
        Assert.IsTrue(failure is IOException or UnauthorizedAccessException, failure.ToString());
        Assert.AreEqual("new", File.ReadAllText(_folder["new"]));
    }

    [TestMethod]
    public void Other_failures_are_reported_at_once()
    {
        Assert.ThrowsExactly<FileNotFoundException>(() => FileMoves.Patiently(() => File.Move(_folder["none"], _folder["new"]), _ => Assert.Fail("There is nothing to wait for.")));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => FileMoves.Folder(_folder["none"], _folder["new"]));
        FileMoves.DeleteFolder(_folder["none"]);
    }
}
