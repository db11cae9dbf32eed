using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Models;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>The tool <c>hftrainer</c>, as a process.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class CliTests
{
    private static readonly string _output = Path.Combine(Repository.Root, "src", "Microsoft.ML.HfTrainer.Cli", "bin", Repository.Configuration, "net10.0");

    [TestMethod]
    public void InfoTellsVersionsDeviceThreadsAndModel()
    {
        var result = Run(_output, "info").Succeeded();
        foreach (var expected in new[] { $"TorchSharp              {Repository.TorchSharpVersion}", "libtorch", "device", "threads", "default model" })
            StringAssert.Contains(result.Output, expected);
    }

    [TestMethod]
    public void InfoOfAModelTellsWhatItIsAndTakes()
    {
        var model = Path.Combine(Repository.Root, "src", "Microsoft.ML.HfTrainer.MiniLM", "model");
        var output = Run(_output, "info", model).Succeeded().Output;
        foreach (var expected in new[]
                 {
                     "architecture     bert (BertModel)", "SentenceEmbedding", "SequenceClassification", "parameters       22,713,216", "dtype            F16",
                     "363 MB for weights, gradients and AdamW's moments", "160 MB of activations for a batch of 1024 tokens", "30,522 tokens, texts of at most 512",
                 })
            StringAssert.Contains(output, expected);
    }

    [TestMethod]
    public void InfoOfAFolderOfSentenceTransformersTellsItsModules()
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-cli-").FullName;
        try
        {
            SentenceFolder.Write(SentenceFolder.Copy(TinyBert.Folder, folder), ("Transformer", ""), ("Pooling", SentenceFolder.Pooling(16, "cls_token", "mean_tokens")), ("Normalize", ""));
            StringAssert.Contains(Run(_output, "info", folder).Succeeded().Output, "sentences        cls and mean of tokens, then Normalize");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void InfoOfAnUnknownArchitectureListsTheKnownOnes()
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-cli-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "config.json"), """{ "model_type": "bertt" }""");
            var result = Run(_output, "info", folder);
            Assert.AreEqual(1, result.ExitCode, result.Error);
            StringAssert.Contains(result.Error, "\"model_type\" is \"bertt\", which is not a registered architecture; it should be one of ");
            StringAssert.Contains(result.Error, "distilbert");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void InfoFailsWithoutNativeLibrary() =>
        AssertFails(_ => { }, "hftrainer: The native library libtorch was not found. Add the package TorchSharp-cpu");

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void InfoFailsOnADamagedLibrary() => AssertFails(folder =>
    {
        var native = Path.Combine(_output, "runtimes", "linux-x64", "native");
        foreach (var file in Directory.EnumerateFiles(native, "lib*.so*"))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        var bridge = Path.Combine(folder, "libLibTorchSharp.so");
        File.Delete(bridge);
        File.WriteAllBytes(bridge, File.ReadAllBytes(Path.Combine(native, "libLibTorchSharp.so"))[..1_000_000]);
    }, "libLibTorchSharp.so was found but does not load on this system", "The ELF library is damaged");

    private static void AssertFails(Action<string> prepare, params string[] expected)
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-cli-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(_output))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            prepare(folder);
            var result = Run(folder, "info");
            Assert.AreEqual(1, result.ExitCode, result.Error);
            foreach (var part in expected)
                StringAssert.Contains(result.Error, part);
            Assert.AreEqual("", result.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    [DataRow("inof", "unknown command 'inof'. Did you mean 'info'?")]
    [DataRow("info --bogus", "Unknown option 'bogus'")]
    public void MisspellingEndsWithTwo(string arguments, string expected)
    {
        var result = Run(_output, arguments.Split(' '));
        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, expected);
    }

    [TestMethod]
    public void HelpListsTheCommands() => StringAssert.Contains(Run(_output, "--help").Succeeded().Output, "info ");

    [TestMethod]
    public void VersionIsThatOfTheLibrary() =>
        Assert.AreEqual(TorchLibrary.VersionOf(typeof(Trainer).Assembly), Run(_output, "--version").Succeeded().Output.Trim());

    // Packing takes minutes; which packages come of it is a setting.
    [TestMethod]
    public void TheToolIsPackedForLinuxAndWindows() => Assert.AreEqual("linux-x64;win-x64", CommandLine.DotNet(
        Path.Combine(Repository.Root, "src", "Microsoft.ML.HfTrainer.Cli"), new Dictionary<string, string?>(), "msbuild", "-getProperty:RuntimeIdentifiers").Succeeded().Output.Trim());

    private static CommandResult Run(string folder, params string[] arguments) =>
        CommandLine.DotNet(folder, new Dictionary<string, string?>(), [Path.Combine(folder, "hftrainer.dll"), .. arguments]);
}
