using System.Runtime.CompilerServices;
using Microsoft.ML.HfTrainer.Native;
using Microsoft.ML.HfTrainer.Native.Numbers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native.Numbers;

[TestClass]
public class NumberTests
{
    [TestMethod]
    public void NumbersOutliveCollectionsUntilTheNextCalls()
    {
        var held = Hold(2.5);
        Collect();
        Assert.IsTrue(held.TryGetTarget(out var scalar));
        Assert.AreEqual(2.5, scalar.ToDouble());
    }

    [TestMethod]
    public void NumbersOfPastCallsAreFreed()
    {
        var first = Hold(2.5);
        for (var i = 0; i < 100; i++)
            _ = Hold(i);
        Collect();
        Assert.IsFalse(first.TryGetTarget(out _));
    }

    [TestMethod]
    public void WholeNumbersStayWhole()
    {
        Number whole = 3, real = 3.0;
        Assert.AreEqual(ScalarType.Int64, whole.Held.Type);
        Assert.AreEqual(ScalarType.Float64, real.Held.Type);
    }

    // With TorchSharp's own conversions some of these calls fail: the number is freed before native code has read it.
    [TestMethod]
    public void OperatorsHoldWhileOthersCollect()
    {
        using var parameter = ones(8);
        using var mask = zeros(8, ScalarType.Bool);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        });
        collector.Start();
        try
        {
            for (var i = 0; i < 10_000; i++)
            {
                using var scope = NewDisposeScope();
                using var norm = TorchScript.GradientNorm([parameter]);
                TorchScript.ClipGradients([parameter], norm, 1000.0);
                var sum = NumberOperators.masked_fill(parameter, mask, 2.5).add(parameter, 1);
                Assert.AreEqual((2f, MathF.Sqrt(8)), (sum[0].item<float>(), norm.item<float>()));
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Scalar> Hold(Number number) => new(number.Held);

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
