using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Packaging;

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

    // Those that this library calls by the names that the C++ compiler of Windows gives them. Those for GPUs are in torch_cuda.dll, which is not in these packages.
    [TestMethod]
    [DataRow("win-x64")]
    [DataRow("win-arm64")]
    public void Every_function_of_libtorch_that_is_called_by_name_is_exported(string runtime)
    {
        var package = new WindowsPackage(runtime);
        var exports = new[] { package.Bridge, Path.Combine(package.Libtorch, "torch_cpu.dll") }.SelectMany(file =>
        {
            using var image = new PeImage(file);
            return image.Exports();
        }).ToHashSet(StringComparer.Ordinal);
        var called = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Microsoft.ML.HfTrainer", "Native"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"""(\?\w+@[^""]+)""|Bridge\(""(\w+)""\)")).Select(match => match.Groups[1].Value + match.Groups[2].Value)
            .Where(name => !name.Contains("@cuda@")).ToHashSet();
        Assert.IsGreaterThan(10, called.Count, string.Join(' ', called));
        Assert.IsEmpty(called.Except(exports));
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
