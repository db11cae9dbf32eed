namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Keeps the tests of this assembly off the network; those of the hub have one of their own.</summary>
[TestClass]
public static class NoNetwork
{
    [AssemblyInitialize]
    public static void Begin(TestContext context)
    {
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "1");
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", Path.Combine(Path.GetTempPath(), "hftrainer-no-hub"));
    }
}
