using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Formats;

namespace Microsoft.ML.HfTrainer.Tests.Native;

/// <summary>With the libraries of the packages, in folders that stand for those of a Windows.</summary>
[TestClass]
public sealed class WindowsDependenciesTests : IDisposable
{
    private static readonly WindowsPackage _package = new("win-x64");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_missing_runtime_is_named()
    {
        var text = Explain([(_package.Libtorch, "in a folder of PATH")]);
        foreach (var part in new[] { "MSVCP140.dll", "VCRUNTIME140.dll", "VCRUNTIME140_1.dll", "are not on this system", "Visual C++ 2015-2022 redistributable", "https://" })
            StringAssert.Contains(text, part);
        Assert.DoesNotContain("torch_cpu.dll", text);
        Assert.DoesNotContain("KERNEL32", text);
    }

    [TestMethod]
    public void A_library_of_another_version_is_named_with_its_place()
    {
        // Any library without the names stands for an older one.
        var old = Directory.CreateDirectory(_folder["old"]).FullName;
        File.Copy(Path.Combine(_package.Libtorch, "uv.dll"), Path.Combine(old, "c10.dll"));
        var text = Explain([(old, "beside the application"), (_package.Libtorch, "in a folder of PATH")]);
        foreach (var part in new[] { Path.Combine(old, "c10.dll"), "(beside the application) lacks ", " that LibTorchSharp.dll imports, such as ?", TorchLibrary.LibtorchVersion, TorchLibrary.TorchSharpVersion, "remove it" })
            StringAssert.Contains(text, part);
        Assert.DoesNotContain(_package.Libtorch, text, "what fits is not blamed");
    }

    [TestMethod]
    public void What_the_process_holds_already_comes_first()
    {
        var old = Directory.CreateDirectory(_folder["old"]).FullName;
        File.Copy(Path.Combine(_package.Libtorch, "uv.dll"), Path.Combine(old, "C10.dll"));
        var text = Explain([(_package.Libtorch, "in a folder of PATH")], Path.Combine(old, "C10.dll"));
        StringAssert.Contains(text, $"{Path.Combine(old, "C10.dll")} (loaded before by the application) lacks ");
    }

    [TestMethod]
    public void Libraries_that_lie_nowhere_are_named()
    {
        var text = Explain([]);
        StringAssert.Contains(text, "c10.dll and torch_cpu.dll, which it needs, were not found beside it, beside the application or in a folder of PATH.");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Windows)]
    public void Where_it_loads_nothing_is_said_to_be_missing()
    {
        TorchLibrary.EnsureLoaded();
        Assert.AreEqual("", WindowsDependencies.OfProcess().Explain(TorchLibrary.Loaded.Bridge!));
    }

    private string Explain((string Folder, string Place)[] folders, params string[] loaded) => new WindowsDependencies(folders, System(), loaded).Explain(_package.Bridge);

    // Windows' own libraries are there and are not read; the Visual C++ runtime is none of them.
    private string System()
    {
        var system = Directory.CreateDirectory(_folder["System32"]).FullName;
        foreach (var name in new[] { "KERNEL32.dll", "ADVAPI32.dll", "WS2_32.dll", "PSAPI.DLL", "IPHLPAPI.DLL", "USERENV.dll", "USER32.dll", "dbghelp.dll", "ole32.dll", "SHELL32.dll" })
            File.WriteAllBytes(Path.Combine(system, name), []);
        return system;
    }
}
