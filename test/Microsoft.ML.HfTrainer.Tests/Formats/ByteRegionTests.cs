using System.IO.MemoryMappedFiles;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

[TestClass]
public sealed class ByteRegionTests
{
    [TestMethod]
    public void AFailedMapLeavesNothingOpen()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a"], new byte[100]);
        var file = MemoryMappedFile.CreateFromFile(folder["a"], FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        Assert.Throws<Exception>(() => ByteRegion.View(file, long.MaxValue));
        Assert.IsTrue(file.SafeMemoryMappedFileHandle.IsClosed);
    }
}
