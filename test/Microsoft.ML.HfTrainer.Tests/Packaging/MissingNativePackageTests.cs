namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>A program that references no native package, on a machine whose package cache has one for another program.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class MissingNativePackageTests
{
    private static ConsumerProject _consumer = null!;

    [ClassInitialize]
    public static void Build(TestContext _)
    {
        _consumer = new(PackedFeed.Shared, "console", "Microsoft.ML.HfTrainer");
        _consumer.Build();
    }

    [ClassCleanup]
    public static void Delete() => _consumer?.Dispose();

    [TestMethod]
    [DataRow("library")]
    [DataRow("torch-first")]
    public void ErrorNamesThePackage(string order)
    {
        var before = FolderListing.OfNativePackages(Repository.PackageCache);
        var result = _consumer.Run(order);
        Assert.AreEqual(1, result.ExitCode, result.Output);
        StringAssert.Contains(result.Error, "DllNotFoundException: The native library libtorch was not found. "
            + $"Add the package TorchSharp-cpu {Repository.TorchSharpVersion} to the application");

        // TorchSharp's own search would print a trace, and would copy libtorch beside the program.
        Assert.AreEqual("", result.Output);
        Assert.IsFalse(Directory.Exists(Path.Combine(_consumer.OutputFolder, "cpu")));
        CollectionAssert.AreEqual(before, FolderListing.OfNativePackages(Repository.PackageCache));
    }

    [TestMethod]
    public void NoModelComesWithoutItsPackage() => Assert.IsFalse(Directory.Exists(Path.Combine(_consumer.OutputFolder, "HfTrainer")));
}
