using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>Programs outside this repository, on packed packages, in each of the ways in which they are run.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class ConsumerTests
{
    private static ConsumerProject _consumer = null!, _host = null!;

    [ClassInitialize]
    public static void Build(TestContext _)
    {
        _consumer = new(PackedFeed.Shared, "console", "Microsoft.ML.HfTrainer", "Microsoft.ML.HfTrainer.MiniLM", "TorchSharp-cpu");
        _consumer.Build();
        _host = new(PackedFeed.Shared, "host");
        _host.Build();
    }

    [ClassCleanup]
    public static void Delete()
    {
        _consumer?.Dispose();
        _host?.Dispose();
    }

    [TestMethod]
    [DataRow("library")]
    [DataRow("torch-first")]
    public void BuildOutputRuns(string order) => AssertWorks(_consumer.Run(order).Succeeded(), _consumer.OutputFolder);

    [TestMethod]
    public void PublishedOutputRuns()
    {
        var folder = _consumer.Publish("portable");
        AssertWorks(_consumer.RunAt(folder, "torch-first").Succeeded(), folder);
        AssertModel(folder);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void OutputForOneRuntimeRuns()
    {
        var folder = _consumer.Publish("flat", "-r", "linux-x64", "--self-contained", "false");
        Assert.IsTrue(File.Exists(Path.Combine(folder, "libtorch.so")));
        AssertWorks(_consumer.RunAt(folder, "torch-first").Succeeded(), folder);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("single", false)]
    [DataRow("single-self-contained", true)]
    public void SingleFileRuns(string name, bool selfContained)
    {
        var folder = _consumer.Publish(name, "-r", "linux-x64", "--self-contained", selfContained ? "true" : "false", "-p:PublishSingleFile=true");
        Assert.IsEmpty(Directory.GetFiles(folder, "*.dll"));
        AssertWorks(_consumer.RunAt(folder, "torch-first").Succeeded(), folder);
        AssertModel(folder);
    }

    [TestMethod]
    public void ModelIsBesideTheBuiltProgram() => AssertModel(_consumer.OutputFolder);

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PlugInRuns() =>
        AssertWorks(_host.Run("plugin", _consumer.Program, "torch-first").Succeeded(), _consumer.OutputFolder);

    [TestMethod]
    [DataRow("library")]
    [DataRow("torch-first")]
    public void ScriptHostRunsFromThePackageCacheAndLeavesItAlone(string order)
    {
        using var cache = new CacheCopy();
        AssertScriptRuns(cache, order);
    }

    // The packages for CUDA, which this machine need not have, spread libtorch over several folders; so does this copy of the one for the CPU.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void ScriptHostFindsTheLibrariesOfSplitPackages()
    {
        using var cache = new CacheCopy();
        cache.Spread("libtorch-cpu-linux-x64", file => "libtorch-cuda-12.8-linux-x64-" + file switch
        {
            "libtorch_cpu.so" => "part2-primary",
            "libc10.so" => "part3",
            _ => "part1",
        });
        AssertScriptRuns(cache, "torch-first");
    }

    private static void AssertScriptRuns(CacheCopy cache, string order)
    {
        var (copy, original) = (FolderListing.OfNativePackages(cache.Folder), FolderListing.OfNativePackages(Repository.PackageCache));
        AssertWorks(_host.Run("cache", $"{cache.Folder}{Path.PathSeparator}{PackedFeed.Shared.Cache}", _consumer.Program, order).Succeeded(), cache.Folder);
        CollectionAssert.AreEqual(copy, FolderListing.OfNativePackages(cache.Folder));
        CollectionAssert.AreEqual(original, FolderListing.OfNativePackages(Repository.PackageCache));
    }

    private static void AssertWorks(CommandResult result, string libtorchIsBelow)
    {
        StringAssert.Contains(result.Output, "sum 12");
        StringAssert.Contains(result.Output, $"TorchSharp {Repository.TorchSharpVersion}");
        StringAssert.Contains(result.Output, $"libtorch {libtorchIsBelow}{Path.DirectorySeparatorChar}");
        Assert.AreEqual("", result.Error);
    }

    private static void AssertModel(string folder)
    {
        var model = Path.Combine(Repository.Root, "src", "Microsoft.ML.HfTrainer.MiniLM", "model");
        CollectionAssert.AreEquivalent(
            Directory.GetFiles(model).Select(file => $"{Path.GetFileName(file)} {new FileInfo(file).Length}").ToList(),
            Directory.GetFiles(Path.Combine(folder, "HfTrainer", "MiniLM")).Select(file => $"{Path.GetFileName(file)} {new FileInfo(file).Length}").ToList());
    }
}
