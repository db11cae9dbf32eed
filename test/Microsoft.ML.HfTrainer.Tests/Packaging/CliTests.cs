using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>The tool <c>hftrainer</c>, as a process.</summary>
[TestClass]
[TestCategory("Process")]
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
    public void InfoFailsWithoutNativeLibrary()
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-cli-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(_output))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            var result = Run(folder, "info");
            Assert.AreEqual(1, result.ExitCode);
            StringAssert.StartsWith(result.Error, "hftrainer: The native library libtorch was not found. Add the package TorchSharp-cpu");
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

    private static CommandResult Run(string folder, params string[] arguments) =>
        CommandLine.DotNet(folder, new Dictionary<string, string?>(), [Path.Combine(folder, "hftrainer.dll"), .. arguments]);
}
