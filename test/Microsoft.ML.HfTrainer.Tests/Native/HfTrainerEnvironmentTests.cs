using TorchSharp;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public sealed class HfTrainerEnvironmentTests
{
    [TestMethod]
    public void ReportsWhatRuns()
    {
        var report = HfTrainerEnvironment.Check();
        Assert.AreEqual(torch.get_num_threads(), report.CpuThreads);
        Assert.IsGreaterThan(0, report.CpuThreads);
        Assert.AreEqual(torch.__version__, $"{report.LibtorchVersion}.0");
        Assert.IsTrue(File.Exists(report.LibtorchFile), report.LibtorchFile);
        Assert.IsTrue(File.Exists(report.NativeLibraryFile), report.NativeLibraryFile);
        Assert.AreEqual(torch.cuda.is_available(), report.CudaIsAvailable);
        if (OperatingSystem.IsLinux())
            StringAssert.StartsWith(report.RequiredCppRuntime, "GLIBCXX_3.4.");
    }
}
