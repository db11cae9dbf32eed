using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>The example SemanticSearch, as a process.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public class SemanticSearchTests
{
    [TestMethod]
    public void Questions_find_their_answers()
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(Repository.Root, "examples", "SemanticSearch", "bin", Repository.Configuration, "net10.0", "SemanticSearch.dll");
        var output = Packaging.CommandLine.DotNet(folder.Path, new Dictionary<string, string?>(), program, "2").Succeeded().Output;
        Assert.IsGreaterThanOrEqualTo(12, Found("pretrained"), output);
        Assert.IsGreaterThan(Found("pretrained"), Found("fine-tuned"), output);
        Assert.Contains("  The car park behind the building", output, "one of the three that are shown");
        Assert.IsTrue(File.Exists(folder["library-embeddings/modules.json"]));

        int Found(string name) => Regex.Match(output, $@"^{name}: (\d+) of 24", RegexOptions.Multiline) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : throw new AssertFailedException(output);
    }
}
