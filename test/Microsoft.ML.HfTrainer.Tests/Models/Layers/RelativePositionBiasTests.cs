using Microsoft.ML.HfTrainer.Models.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Models.Layers;

[TestClass]
public class RelativePositionBiasTests
{
    [TestMethod]
    [DataRow(true, new long[] { -200, -20, -8, -7, 0, 1, 7, 20, 200 }, new long[] { 15, 10, 8, 7, 0, 17, 23, 26, 31 })]
    [DataRow(false, new long[] { -200, -20, -8, 0, 5 }, new long[] { 31, 17, 8, 0, 0 })]
    public void Distances_have_the_buckets_of_the_original(bool bidirectional, long[] distances, long[] expected)
    {
        using var buckets = RelativePositionBias.BucketsOf(tensor(distances), 32, 128, bidirectional);
        CollectionAssert.AreEqual(expected, buckets.data<long>().ToArray());
    }
}
