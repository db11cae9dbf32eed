using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>The example QuestionAnswering, as a process.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public class QuestionAnsweringTests
{
    [TestMethod]
    public void Answers_are_found()
    {
        var folder = Directory.CreateTempSubdirectory("hftrainer-example-").FullName;
        try
        {
            var program = Path.Combine(Repository.Root, "examples", "QuestionAnswering", "bin", Repository.Configuration, "net10.0", "QuestionAnswering.dll");
            var output = Packaging.CommandLine.DotNet(folder, new Dictionary<string, string?>(), program, "2").Succeeded().Output;
            var result = Regex.Match(output, @"^exact match (\S+), F1 (\S+)$", RegexOptions.Multiline);
            Assert.IsTrue(result.Success, output);
            Assert.IsGreaterThanOrEqualTo(50, double.Parse(result.Groups[2].Value, CultureInfo.InvariantCulture), output);
            Assert.Contains("How high is the lighthouse?", output);
            Assert.IsTrue(File.Exists(Path.Combine(folder, "answers.zip")), "the example saves its model where it runs");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
