namespace Microsoft.ML.HfTrainer.Tests.Training.Search.Samplers;

[TestClass]
public sealed class GridSearchSamplerTests
{
    [TestMethod]
    public void Every_combination_is_tried_once_the_last_parameter_first()
    {
        var study = Experiment.Run(new GridSearchSampler(3), trial => trial.SuggestNumber("a", 1, 100, isLog: true) + trial.SuggestInteger("b", 0, 2, step: 2) + (trial.SuggestChoice("c", true, false) ? 1 : 0), 100);
        CollectionAssert.AreEqual(
            new[] { "1", "10", "100" }.SelectMany(a => new[] { 0, 2 }.SelectMany(b => new[] { "True", "False" }.Select(c => $"a={a} b={b} c={c}"))).ToList(),
            study.Choices());
    }

    [TestMethod]
    public void A_parameter_that_only_some_combinations_have_is_gone_through_in_those()
    {
        var study = Experiment.Run(new GridSearchSampler(), trial => trial.SuggestChoice("warm", false, true) ? trial.SuggestInteger("updates", 1, 3) : 0, 100);
        CollectionAssert.AreEqual(new[] { "warm=False", "warm=True updates=1", "warm=True updates=2", "warm=True updates=3" }, study.Choices());
    }

    [TestMethod]
    public void A_range_of_one_point_has_its_middle() => CollectionAssert.AreEqual(
        new[] { "a=0.5 b=10" }, Experiment.Run(new GridSearchSampler(1), trial => trial.SuggestNumber("a", 0, 1) + trial.SuggestNumber("b", 1, 100, isLog: true), 9).Choices());
}
