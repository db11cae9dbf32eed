namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>A program that cannot generate code at run time, as file-based apps cannot by default.</summary>
[TestClass]
[TestCategory("Process")]
[NeedsDotNet]
public sealed class DynamicCodeTests
{
    private const string Remedy = "#:property PublishAot=false";

    [TestMethod]
    public void TheBuildWarnsAndThePipelineNamesTheProperty()
    {
        using var consumer = new ConsumerProject(PackedFeed.Shared, "console", "Microsoft.ML.HfTrainer", "TorchSharp-cpu");
        var build = consumer.Build("-p:DynamicCodeSupport=false", "-p:TreatWarningsAsErrors=false", "-p:MSBuildTreatWarningsAsErrors=false");
        StringAssert.Contains(build.Output, "warning HFT0001");
        StringAssert.Contains(build.Output, Remedy);

        var run = consumer.Run("pipeline");
        Assert.AreEqual(1, run.ExitCode, run.Output);
        StringAssert.Contains(run.Error, "PlatformNotSupportedException");
        StringAssert.Contains(run.Error, Remedy);
        // The trainer by itself needs no code of ML.NET.
        StringAssert.Contains(consumer.Run("library").Succeeded().Output, "sum 12");
    }
}
