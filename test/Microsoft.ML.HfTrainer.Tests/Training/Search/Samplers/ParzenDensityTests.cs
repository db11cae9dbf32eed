using Microsoft.ML.HfTrainer.Training.Search.Samplers;

namespace Microsoft.ML.HfTrainer.Tests.Training.Search.Samplers;

[TestClass]
public sealed class ParzenDensityTests
{
    private static readonly double[] _seen = [2, 2.1, 2.3, 7, 9.5];

    [TestMethod]
    public void The_density_of_a_range_sums_up_to_one_and_draws_follow_it()
    {
        var density = new RangeDensity(ScaledRange.Of(new NumberRange(0, 10)), _seen);
        const int cells = 10_000, draws = 20_000, bins = 10;
        var values = Enumerable.Range(0, cells).Select(i => density.At((i + 0.5) * 10 / cells) * 10 / cells).ToArray();
        Assert.AreEqual(1, values.Sum(), 1e-6);
        AssertDrawn(density, [.. values.Chunk(cells / bins).Select(chunk => chunk.Sum())], number => Math.Min((int)number, bins - 1), draws);
    }

    [TestMethod]
    public void The_probabilities_of_steps_sum_up_to_one_and_draws_follow_them()
    {
        foreach (var range in new SearchRange[] { new IntegerRange(0, 10), new IntegerRange(1, 11, isLog: true), new NumberRange(0, 10.5, step: 1) })
        {
            var density = new RangeDensity(ScaledRange.Of(range), [2, 2, 3, 7, 9]);
            var probabilities = Enumerable.Range((int)range.Low, 11).Select(i => density.At(i)).ToArray();
            Assert.AreEqual(1, probabilities.Sum(), 1e-9, range.ToString());
            AssertDrawn(density, probabilities, number => (int)(number - range.Low), 20_000);
        }
    }

    [TestMethod]
    public void The_probabilities_of_choices_sum_up_to_one_and_draws_follow_them()
    {
        var density = new ChoiceDensity(4, [1, 1, 1, 3]);
        double[] probabilities = [density.At(0), density.At(1), density.At(2), density.At(3)];
        Assert.AreEqual(1, probabilities.Sum(), 1e-12);
        Assert.AreEqual(probabilities[0], probabilities[2]);
        Assert.IsGreaterThan(probabilities[3], probabilities[1]);
        Assert.IsGreaterThan(probabilities[0], probabilities[3]);
        AssertDrawn(density, probabilities, number => (int)number, 20_000);
    }

    [TestMethod]
    public void Without_anything_seen_the_prior_is_left()
    {
        var density = new RangeDensity(ScaledRange.Of(new NumberRange(0, 10)), []);
        Assert.AreEqual(density.At(3), density.At(7), 1e-12);
        Assert.IsGreaterThan(density.At(0), density.At(5));
        Assert.AreEqual(0.25, new ChoiceDensity(4, []).At(2));
    }

    [TestMethod]
    public void Older_numbers_weigh_less_beyond_the_latest_25()
    {
        var few = ParzenWeights.WithPrior(3);
        CollectionAssert.AreEqual(new[] { 0.25, 0.25, 0.25, 0.25 }, few);
        var many = ParzenWeights.WithPrior(28);
        Assert.HasCount(29, many);
        Assert.AreEqual(1, many.Sum(), 1e-12);
        Assert.AreEqual(1.0 / 28, many[0] / many[^1], 1e-12);
        Assert.AreEqual((1 + 1.0 / 28) / 2, many[1] / many[^1], 1e-12);
        Assert.AreEqual(1, many[2] / many[^1], 1e-12);
    }

    [TestMethod]
    [DataRow(0.0, 0.5)]
    [DataRow(1.0, 0.8413447460685429)]
    [DataRow(-2.0, 0.022750131948179195)]
    [DataRow(-5.0, 2.866515718791939e-07)]
    [DataRow(-10.0, 7.61985302416047e-24)]
    public void The_normal_distribution_is_right_far_out_too(double z, double below) =>
        Assert.AreEqual(1, new CutNormal(0, 1, -40, 40).Probability(-40, z) / below, 1e-9);

    [TestMethod]
    public void A_quantile_has_its_share_below_it()
    {
        var cut = new CutNormal(mean: 0.2, deviation: 0.5, low: 0, high: 1);
        foreach (var share in new[] { 0, 0.1, 0.5, 0.99 })
            Assert.AreEqual(share, cut.Probability(0, cut.Quantile(share)), 1e-9);
        Assert.AreEqual(0.02, cut.Density(0.4) * 0.02 / cut.Probability(0.39, 0.41) * 0.02, 1e-5);
    }

    // Within five standard deviations of what chance gives.
    private static void AssertDrawn(IParzenDensity density, double[] probabilities, Func<double, int> bin, int draws)
    {
        var (counts, random) = (new int[probabilities.Length], new SearchRandom(1, 0, "x"));
        for (var i = 0; i < draws; i++)
            counts[bin(density.Draw(random))]++;
        for (var i = 0; i < counts.Length; i++)
            Assert.AreEqual(probabilities[i] * draws, counts[i], 5 * Math.Sqrt(probabilities[i] * draws) + 1, $"bin {i}");
    }
}
