namespace Microsoft.ML.HfTrainer.Tests.Training.Search.Samplers;

[TestClass]
public sealed class RandomSearchSamplerTests
{
    private const int Draws = 4000;

    [TestMethod]
    public void Numbers_are_spread_evenly_over_their_scale()
    {
        AssertEven(new NumberRange(-1, 3), value => (int)(((double)value! + 1) / 4 * 8), 8);
        AssertEven(new NumberRange(1e-6, 1e-2, isLog: true), value => (int)((Math.Log10((double)value!) + 6) / 4 * 8), 8);
        AssertEven(new NumberRange(0, 1, step: 0.25), value => (int)Math.Round((double)value! * 4), 5);
        AssertEven(new IntegerRange(3, 9), value => (int)value! - 3, 7);
        AssertEven(new IntegerRange(1, 10, step: 4), value => ((int)value! - 1) / 4, 3);
        AssertEven(new SearchChoices(["a", "b", null]), value => value is string text ? text[0] - 'a' : 2, 3);
    }

    // Within five standard deviations of what chance gives.
    private static void AssertEven(SearchDistribution distribution, Func<object?, int> bin, int bins)
    {
        var counts = new int[bins];
        var study = Experiment.Run(new RandomSearchSampler(1), trial => trial.Suggest("x", distribution) is null ? 0 : 1, Draws);
        foreach (var trial in study.Trials)
            counts[bin(trial.Parameters["x"])]++;
        var expected = Draws / (double)bins;
        foreach (var count in counts)
            Assert.AreEqual(expected, count, 5 * Math.Sqrt(expected), $"{distribution}: {string.Join(' ', counts)}");
    }
}
