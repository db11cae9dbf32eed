using System.Reflection;
using Mono.Cecil;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>A program whose packages have other versions than this library was compiled against: copies of the real ones with another version number, and with a member taken away.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class OtherVersionsTests
{
    private static ConsumerProject _consumer = null!;

    [ClassInitialize]
    public static void Build(TestContext _)
    {
        _consumer = new(PackedFeed.Shared, "console", "Microsoft.ML.HfTrainer", "TorchSharp-cpu");
        _consumer.Build();
    }

    [ClassCleanup]
    public static void Delete() => _consumer?.Dispose();

    [TestMethod]
    public void AnotherTorchSharpIsRefusedByItsVersion()
    {
        using var restore = Alter("TorchSharp.dll", "0.108.0");
        var result = _consumer.Run("library");
        Assert.AreEqual(1, result.ExitCode, result.Output);
        StringAssert.Contains(result.Error, $"The application has TorchSharp 0.108.0, and this version of Microsoft.ML.HfTrainer needs TorchSharp {Repository.TorchSharpVersion}");
    }

    [TestMethod]
    public void APatchOfTorchSharpIsTaken()
    {
        using var restore = Alter("TorchSharp.dll", "0.107.9");
        StringAssert.Contains(_consumer.Run("library").Succeeded().Output, "sum 12");
    }

    [TestMethod]
    public void AnotherMicrosoftMLWorksWhileItHasWhatIsUsed()
    {
        using var restore = Alter("Microsoft.ML.Data.dll", "5.1.0");
        StringAssert.Contains(_consumer.Run("pipeline").Succeeded().Output, "pipeline made");
    }

    [TestMethod]
    public void AnotherMicrosoftMLThatLacksWhatIsUsedIsRefusedByItsVersion()
    {
        using var restore = Alter("Microsoft.ML.Data.dll", "5.1.0", module =>
        {
            foreach (var method in module.GetType("Microsoft.ML.Data.CatalogUtils").Methods.Where(method => method.Name == "GetEnvironment"))
                method.Name = "GetHost";
        });
        var result = _consumer.Run("pipeline");
        Assert.AreEqual(1, result.ExitCode, result.Output);
        StringAssert.Contains(result.Error, "NotSupportedException: The application has Microsoft.ML 5.1.0, which lacks members");
        StringAssert.Contains(result.Error, "Reference Microsoft.ML 5.0.1");
    }

    // Beside the program lie links to the files of the package cache, which must stay as they are.
    private static Restored Alter(string file, string version, Action<ModuleDefinition>? change = null)
    {
        var path = Path.Combine(_consumer.OutputFolder, file);
        var original = File.ReadAllBytes(path);
        using (var module = ModuleDefinition.ReadModule(new MemoryStream(original)))
        {
            var attribute = module.Assembly.CustomAttributes.Single(a => a.AttributeType.Name == nameof(AssemblyInformationalVersionAttribute));
            attribute.ConstructorArguments[0] = new CustomAttributeArgument(module.TypeSystem.String, version);
            change?.Invoke(module);
            File.Delete(path);
            module.Write(path);
        }
        return new(path, original);
    }

    private sealed class Restored(string path, byte[] content) : IDisposable
    {
        public void Dispose() => File.WriteAllBytes(path, content);
    }
}
