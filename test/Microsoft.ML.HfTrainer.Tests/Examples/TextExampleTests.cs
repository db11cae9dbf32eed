using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Examples;

/// <summary>The examples of tasks of texts, each as a process with a small budget.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class TextExampleTests
{
    [TestMethod]
    public void Named_entities_are_found()
    {
        var output = ExampleProgram.Run("NamedEntities", "3");
        Assert.IsGreaterThan(0.6, ExampleProgram.Number(output, @"^all +[\d.]+ +[\d.]+ +([\d.]+)"), output);
        Assert.Contains("saved as entities.zip", output);
        Assert.Contains("LOC: Oslo (", output);
    }

    [TestMethod]
    public void Topics_are_told_apart()
    {
        var output = ExampleProgram.Run("MultiLabel", "4");
        Assert.IsGreaterThan(0.6, ExampleProgram.Number(output, @"^micro +[\d.]+ +[\d.]+ +([\d.]+)"), output);
        Assert.Contains("saved as topics.zip", output);
        Assert.IsGreaterThan(50, ExampleProgram.Number(output, @"^  Room: ([\d.]+) ?%"), output);
    }
}
