using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>The examples Translation, Chat and MaskedLanguageModel, as processes, with a few epochs.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public class LanguageModelTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hftrainer-example-").FullName;

    [TestCleanup]
    public void CleanUp() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Translations_become_better()
    {
        var output = Run("Translation", "7");
        var scores = Regex.Matches(output, @"^epoch \d+: loss \S+, BLEU (\S+), chrF \S+$", RegexOptions.Multiline).Select(Number).ToList();
        Assert.HasCount(7, scores, output);
        Assert.IsLessThan(10, scores[0], output);
        Assert.IsGreaterThan(60, scores[^1], output);
        Assert.HasCount(5, Regex.Matches(output, "^  model: .+$", RegexOptions.Multiline));
        Assert.IsTrue(File.Exists(Path.Combine(_folder, "translation.zip")), "the example saves its model where it runs");
    }

    [TestMethod]
    public void New_questions_are_answered()
    {
        var output = Run("Chat", "20");
        var result = Regex.Match(output, @"^right answers: (\d+) of 48$", RegexOptions.Multiline);
        Assert.IsTrue(result.Success, output);
        Assert.IsGreaterThanOrEqualTo(24, Number(result), output);
    }

    [TestMethod]
    public void An_encoder_is_adapted_and_then_classifies()
    {
        var output = Run("MaskedLanguageModel", "1");
        var result = Regex.Match(output, @"^perplexity of complaints: (\d+) before, (\d+) after", RegexOptions.Multiline);
        Assert.IsTrue(result.Success, output);
        Assert.IsLessThan(Number(result), double.Parse(result.Groups[2].Value, CultureInfo.InvariantCulture), output);
        Assert.HasCount(2, Regex.Matches(output, @"^accuracy with the encoder (as it was|adapted): [\d.]+$", RegexOptions.Multiline), output);
    }

    private string Run(string example, string epochs) => Packaging.CommandLine.DotNet(
        _folder, new Dictionary<string, string?>(), Path.Combine(Repository.Root, "examples", example, "bin", Repository.Configuration, "net10.0", example + ".dll"), epochs).Succeeded().Output;

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
}
