using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public sealed class PeImageTests
{
    // Where a name is missing, Windows refuses the library, and Wine puts a function in its place that fails when it is called: running it there proves nothing.
    [TestMethod]
    [DataRow("win-x64")]
    [DataRow("win-arm64")]
    public void Libtorch_exports_every_name_that_TorchSharp_imports(string runtime)
    {
        var package = new WindowsPackage(runtime);
        using var bridge = new PeImage(package.Bridge);
        var (imported, missing) = (0, new List<string>());
        foreach (var (library, names) in bridge.Imports().Where(import => File.Exists(Path.Combine(package.Libtorch, import.Key))))
        {
            using var image = new PeImage(Path.Combine(package.Libtorch, library));
            imported += names.Count;
            missing.AddRange(names.Except(image.Exports()).Select(name => $"{library}: {name}"));
        }
        Assert.IsEmpty(missing, string.Join('\n', missing.Take(20)));
        Assert.IsGreaterThan(1500, imported);
    }

    [TestMethod]
    public void Libraries_that_are_imported_are_named_and_functions_too()
    {
        using var bridge = new PeImage(new WindowsPackage("win-x64").Bridge);
        var imports = bridge.Imports();
        CollectionAssert.IsSubsetOf(new[] { "c10.dll", "torch_cpu.dll", "KERNEL32.dll" }, imports.Keys.ToList());
        CollectionAssert.Contains(imports["KERNEL32.dll"].ToList(), "QueryPerformanceCounter");
        CollectionAssert.Contains(bridge.Exports().ToList(), "THSTensor_new");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(300)]
    [DataRow(500_000)]
    public void A_file_that_is_cut_short_is_refused(int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["cut.dll"], File.ReadAllBytes(new WindowsPackage("win-x64").Bridge)[..length]);
        Assert.ThrowsExactly<BadImageFormatException>(() =>
        {
            using var image = new PeImage(folder["cut.dll"]);
            _ = (image.Imports(), image.Exports());
        });
    }
}
