using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>The example ImageClassification, as a process.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public class ImageClassificationTests
{
    [TestMethod]
    public void Drawings_are_told_apart()
    {
        var output = ExampleProgram.Run("ImageClassification");
        var result = Regex.Match(output, @"^loss (\S+), accuracy (\S+)$", RegexOptions.Multiline);
        Assert.IsTrue(result.Success, output);
        Assert.IsGreaterThanOrEqualTo(0.95, double.Parse(result.Groups[2].Value, CultureInfo.InvariantCulture), output);
        Assert.IsLessThan(0.25, double.Parse(result.Groups[1].Value, CultureInfo.InvariantCulture), output);
    }
}
