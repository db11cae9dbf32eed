using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Native;

[TestClass]
public class DropoutMaskTests
{
    [TestMethod]
    [DataRow(0.1, 1_000_000)]
    [DataRow(0.5, 999_999)]
    [DataRow(0.9, 1_000_003)]
    public void Drops_its_share_and_keeps_the_mean(double p, int size)
    {
        var mask = Draw(1, size, p);
        var dropped = mask.Count(v => v == 0);
        Assert.AreEqual(size * p, dropped, 4 * Math.Sqrt(size * p * (1 - p)), "dropped");
        Assert.AreEqual(1 / (1 - p), mask.Max(), 1e-3, "scale");
        Assert.HasCount(2, mask.Distinct().ToList());
    }

    [TestMethod]
    [DataRow(ScalarType.BFloat16, 1.109375f)]
    [DataRow(ScalarType.Float16, 1.1113281f)]
    public void In_sixteen_bits_the_scale_is_rounded_and_the_share_is_the_same(ScalarType type, float scale)
    {
        const int Size = 1_000_003;
        var random = new RandomState(5);
        using var use = random.Use();
        using var scope = NewDisposeScope();
        var mask = DropoutMask.Draw(empty(Size, type), 0.1);
        Assert.AreEqual(type, mask.dtype);
        var values = mask.to(ScalarType.Float32).data<float>().ToArray();
        CollectionAssert.AreEquivalent(new[] { 0, scale }, values.Distinct().ToList());
        Assert.AreEqual(Size * 0.1, values.Count(v => v == 0), 4 * Math.Sqrt(Size * 0.1 * 0.9));
    }

    [TestMethod]
    public void Neighbours_are_independent()
    {
        const int Size = 1_000_000;
        var mask = Draw(2, Size, 0.5);
        foreach (var distance in new[] { 1, 2, 16, 32, 64, 384 })
        {
            var alike = Enumerable.Range(0, Size - distance).Count(i => mask[i] == 0 == (mask[i + distance] == 0));
            Assert.AreEqual((Size - distance) / 2.0, alike, 4 * Math.Sqrt(Size / 4.0), $"distance {distance}");
        }
    }

    [TestMethod]
    public void The_global_generator_decides_and_moves_on()
    {
        CollectionAssert.AreEqual(Draw(3, 1000, 0.5), Draw(3, 1000, 0.5));
        CollectionAssert.AreNotEqual(Draw(3, 1000, 0.5), Draw(4, 1000, 0.5));
        var random = new RandomState(3);
        using var use = random.Use();
        CollectionAssert.AreNotEqual(Draw(1000, 0.5), Draw(1000, 0.5));
    }

    [TestMethod]
    public void Every_place_of_any_length_is_decided()
    {
        var random = new RandomState(6);
        using var use = random.Use();
        for (var size = 1; size < 70; size++)
            Assert.IsTrue(Enumerable.Range(0, 64).Select(_ => Draw(size, 0.5)).Aggregate(new bool[size], (seen, mask) => [.. seen.Zip(mask, (s, m) => s || m != 0)]).All(s => s), $"{size}");
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.BFloat16)]
    public void A_mask_drawn_in_pieces_is_that_drawn_at_once(ScalarType type)
    {
        float[] Drawn(int pieceLength)
        {
            var random = new RandomState(8);
            using var use = random.Use();
            using var scope = NewDisposeScope();
            return DropoutMask.Draw(empty(3, 333, type), 0.3, pieceLength).to(ScalarType.Float32).data<float>().ToArray();
        }
        CollectionAssert.AreEqual(Drawn(1 << 20), Drawn(64));
    }

    private static float[] Draw(int seed, int size, double p)
    {
        var random = new RandomState(seed);
        using var use = random.Use();
        return Draw(size, p);
    }

    private static float[] Draw(int size, double p)
    {
        using var scope = NewDisposeScope();
        return DropoutMask.Draw(empty(size), p).data<float>().ToArray();
    }
}
