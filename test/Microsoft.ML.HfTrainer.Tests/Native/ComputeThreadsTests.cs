using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Tests.Estimators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public partial class ComputeThreadsTests
{
    [TestMethod]
    public void Little_work_runs_on_one_thread_and_leaves_the_number_as_it_was() => OnThread(() =>
    {
        using var threads = new ThreadCount(4);
        using (ComputeThreads.For(CPU, 1e6))
        {
            Assert.AreEqual(1, get_num_threads());
            using (ComputeThreads.For(CPU, 1e6))
                Assert.AreEqual(1, get_num_threads());
            Assert.AreEqual(1, get_num_threads());
            // Others keep theirs.
            OnThread(() => Assert.AreEqual(4, get_num_threads()));
        }
        Assert.AreEqual(4, get_num_threads());
        using (ComputeThreads.For(CPU, 1e12))
            Assert.AreEqual(4, get_num_threads());
        using (ComputeThreads.For(new Device(TorchSharp.DeviceType.CUDA, 0), 1))
            Assert.AreEqual(4, get_num_threads());
    });

    [TestMethod]
    public void A_row_is_predicted_on_one_thread() => OnThread(() =>
    {
        using var threads = new ThreadCount(3);
        using var folder = new TinyModel();
        var ml = new MLContext(seed: 1);
        using var trained = (IDisposable)Classifiers.Train(ml, folder);
        var inForward = new List<int>();
        ((ITransformer)trained).Classifier().Model.register_forward_pre_hook((_, input) =>
        {
            inForward.Add(get_num_threads());
            return input;
        });
        using (var engine = ml.Model.CreatePredictionEngine<Review, Verdict>((ITransformer)trained, new PredictionEngineOptions { OwnsTransformer = false }))
            engine.Predict(Review.Some(1)[0]);
        CollectionAssert.AreEqual(new[] { 1 }, inForward);
        Assert.AreEqual(3, get_num_threads());
    });

    [TestMethod]
    public void Idle_threads_sleep()
    {
        if (!OperatingSystem.IsLinux() || new[] { "GOMP_SPINCOUNT", "KMP_BLOCKTIME", "KMP_LIBRARY" }.Any(name => Environment.GetEnvironmentVariable(name) is not null))
            Assert.Inconclusive("The environment says otherwise, or cannot be read as libtorch reads it.");
        Assert.AreEqual("PASSIVE", Marshal.PtrToStringUTF8(GetEnv("OMP_WAIT_POLICY")), ignoreCase: true);
    }

    // The number of threads is a setting of the thread, which tests share.
    private static void OnThread(Action test)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            throw new AssertFailedException(failure.Message, failure);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnv(string name);
}
