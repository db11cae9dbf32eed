namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>What is done once, after the last test.</summary>
[TestClass]
public static class TestRun
{
    [AssemblyCleanup]
    public static void End() => PackedFeed.DeleteShared();
}
