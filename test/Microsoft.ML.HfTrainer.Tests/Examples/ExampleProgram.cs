using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>A program of the folder <c>examples</c>, as it was built for this test run.</summary>
internal static class ExampleProgram
{
    /// <summary>Runs it and returns what it printed.</summary>
    public static string Run(string name, params string[] arguments)
    {
        var program = Path.Combine(Repository.Root, "examples", name, "bin", Repository.Configuration, "net10.0", $"{name}.dll");
        return Packaging.CommandLine.DotNet(Path.GetTempPath(), new Dictionary<string, string?>(), [program, .. arguments]).Succeeded().Output;
    }

    /// <summary>Returns the number that a pattern finds in an output.</summary>
    public static double Number(string output, string pattern) => Regex.Match(output, pattern, RegexOptions.Multiline) is { Success: true } match
        ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : throw new AssertFailedException(output);
}
