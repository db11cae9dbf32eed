using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Counts tensors that are not disposed.</summary>
/// <remarks>TorchSharp counts the tensor that a parameter is made of for good, so a count begins after models are made.</remarks>
internal sealed class LiveTensors
{
    private readonly long _before;

    public LiveTensors()
    {
        // What earlier tests left to the garbage collector is not counted; what comes now is, until it is disposed.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _before = Now;
    }

    public static long Now => Tensor.TotalCount;

    /// <summary>Fails where there are more or fewer tensors than when this was made.</summary>
    public void AssertUnchanged(long difference = 0) => Assert.AreEqual(_before + difference, Now, "live tensors");
}
