namespace Microsoft.ML.HfTrainer.Tests.Training.Search.Samplers;

[TestClass]
public sealed class TpeSearchSamplerTests
{
    private const int Trials = 60;

    [TestMethod]
    [DataRow(SearchDirection.Minimize)]
    [DataRow(SearchDirection.Maximize)]
    public void It_learns_where_the_objective_is_good(SearchDirection direction)
    {
        var sign = direction == SearchDirection.Minimize ? 1 : -1;
        var (better, total) = (0, 0);
        for (var seed = 0; seed < 10; seed++, total++)
        {
            var tpe = Experiment.Run(new TpeSearchSampler(seed), trial => sign * Loss(trial), Trials, direction);
            var random = Experiment.Run(new RandomSearchSampler(seed), trial => sign * Loss(trial), Trials, direction);
            if (Later(tpe) < Later(random) / 2)
                better++;
        }
        Assert.AreEqual(total, better, "searches whose later trials are twice as good as random ones");

        double Later(SearchStudy study) => study.Trials.Skip(Trials / 2).Average(trial => study.Loss(trial.Objective!.Value));
    }

    [TestMethod]
    public void It_starts_at_random()
    {
        var tpe = Experiment.Run(new TpeSearchSampler(5, startupTrials: 8), Loss, 9).Choices();
        var random = Experiment.Run(new RandomSearchSampler(5), Loss, 9).Choices();
        CollectionAssert.AreEqual(random[..8], tpe[..8]);
        Assert.AreNotEqual(random[8], tpe[8]);
    }

    [TestMethod]
    public void A_pruned_trial_counts_behind_complete_ones_and_a_failed_one_not_at_all()
    {
        // Complete trials near 0.9; pruned ones near 0.1, with reports that look better; failed ones near 0.5.
        var study = SearchStudy.Open(null, SearchDirection.Minimize);
        foreach (var (status, x, objective) in Enumerable.Repeat(new[] { (TrialStatus.Complete, 0.9, 1.0), (TrialStatus.Pruned, 0.1, -5), (TrialStatus.Failed, 0.5, -9) }, 8).SelectMany(t => t))
        {
            var trial = study.Begin(study.Trials.Count);
            study.Chose(trial, "x", new NumberRange(0, 1), x + trial.Number / 1000.0);
            study.Report(trial, 1, objective);
            study.End(trial, status, objective);
        }
        var sampler = new TpeSearchSampler(1, startupTrials: 5);
        var next = study.Begin(study.Trials.Count);
        Assert.IsGreaterThan(0.6, sampler.Sample(study, next, "x", new NumberRange(0, 1)));
    }

    private static double Loss(Trial trial) =>
        Math.Abs(Math.Log10(trial.SuggestNumber("rate", 1e-6, 1e-2, isLog: true)) + 4) + Math.Abs(trial.SuggestInteger("epochs", 1, 20) - 15) / 5.0 +
        (trial.SuggestChoice("kind", "a", "b", "c", "d") == "c" ? 0 : 1);
}
