using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public sealed class TorchFoldersTests
{
    private readonly string _cache = Directory.CreateTempSubdirectory("hftrainer-cache-").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_cache, recursive: true);

    [TestMethod]
    public void ApplicationDoesNotReachThePackageCache()
    {
        Native("libtorch-cpu-linux-x64", "2.10.0", "libtorch.so");
        Assert.IsEmpty(Find(Folder("application", "bin")).Where(folder => folder.Contains("libtorch-")));
    }

    [TestMethod]
    public void ScriptHostGetsTheVersionThatTorchSharpWasMadeFor()
    {
        Native("libtorch-cpu-linux-x64", "2.7.1", "libtorch.so");
        var right = Native("libtorch-cpu-linux-x64", "2.10.0", "libtorch.so");
        Native("libtorch-cpu-linux-x64", "2.11.0", "libtorch.so");
        CollectionAssert.AreEqual(new[] { right }, Libtorch());
    }

    [TestMethod]
    public void PartsOfTwoBuildsAreNeverMixed()
    {
        var (cpu, cuda) = (Native("libtorch-cpu-linux-x64", "2.10.0", "libtorch.so"), Native("libtorch-cuda-12.8-linux-x64-part1", "2.10.0", "libtorch.so"));
        Assert.HasCount(1, Libtorch());
        Assert.IsTrue(Libtorch()[0] == cpu || Libtorch()[0] == cuda);
    }

    [TestMethod]
    public void FragmentsThatNobodyPutTogetherAreLeftOut()
    {
        var cpu = Native("libtorch-cpu-linux-x64", "2.10.0", "libtorch.so");
        Native("libtorch-cuda-12.8-linux-x64-part1", "2.10.0", "libtorch.so");
        File.WriteAllText(Path.Combine(Folder("libtorch-cuda-12.8-linux-x64-part2-fragment1", "2.10.0", "fragments"), "libtorch_cpu.so.fragment1"), "");
        CollectionAssert.AreEqual(new[] { cpu }, Libtorch());
    }

    private string[] Libtorch() => [.. Find(Folder("torchsharp", "0.107.0", "lib", "net8.0"))
        .Where(folder => folder.StartsWith(Path.Combine(_cache, "libtorch-"), StringComparison.Ordinal))];

    private static List<string> Find(string torchSharp) => new TorchFolders(new("linux-x64", "libtorch.so", "libLibTorchSharp.so"), "2.10.0").Find(torchSharp);

    private string Native(string package, string version, string file)
    {
        var folder = Folder(package, version, "runtimes", "linux-x64", "native");
        File.WriteAllText(Path.Combine(folder, file), "");
        return folder;
    }

    private string Folder(params string[] parts) => Directory.CreateDirectory(Path.Combine([_cache, .. parts])).FullName;
}
