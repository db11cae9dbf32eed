using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>A program of the folder <c>examples</c>, as it was built for this test run.</summary>
internal static class ExampleProgram
{
    /// <summary>Runs it in a folder of its own, where it saves what it trains, and returns what it printed.</summary>
    public static string Run(string name, params string[] arguments)
    {
        var program = Path.Combine(Repository.Root, "examples", name, "bin", Repository.Configuration, "net10.0", $"{name}.dll");
        using var folder = new TemporaryFolder();
        var output = Packaging.CommandLine.DotNet(folder.Path, new Dictionary<string, string?>(), [program, .. arguments]).Succeeded().Output;
        foreach (Match saved in Regex.Matches(output, "^saved as (.+\\.zip)", RegexOptions.Multiline))
            Assert.IsTrue(File.Exists(folder[saved.Groups[1].Value]), output);
        return output;
    }

    /// <summary>Returns the number that a pattern finds in an output.</summary>
    public static double Number(string output, string pattern) => Regex.Match(output, pattern, RegexOptions.Multiline) is { Success: true } match
        ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : throw new AssertFailedException(output);
}
