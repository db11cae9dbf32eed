using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class MemoryFileTests
{
    [ClassInitialize]
    public static void LoadLibtorch(TestContext _) => TorchLibrary.EnsureLoaded();

    [TestMethod]
    public void LibraryInMemoryIsKnownByItsPath()
    {
        const string Path = "/nowhere/first/libLibTorchSharp.so";
        var handle = MemoryFile.LoadFromMemory(Path, NativeFile.ReadMended());
        Assert.AreEqual(handle, NativeLibrary.Load(Path));
        Assert.AreNotEqual(0, NativeLibrary.GetExport(handle, "THSTensor_ones"));
    }

    [TestMethod]
    public void WithoutMemoryFilesATemporaryFolderServes()
    {
        const string Path = "/nowhere/second/libLibTorchSharp.so";
        var handle = MemoryFile.LoadFromFolder(Path, NativeFile.ReadMended());
        Assert.AreEqual(handle, NativeLibrary.Load(Path));
        Assert.IsEmpty(Directory.GetDirectories(System.IO.Path.GetTempPath(), "hftrainer-*")
            .Where(folder => File.Exists(System.IO.Path.Combine(folder, "libLibTorchSharp.so"))));
    }
}
