namespace Microsoft.ML.HfTrainer.Tests.Training.Search.Pruners;

[TestClass]
public sealed class MedianPrunerTests
{
    // Complete trials had 1 to 5 after ten updates: the median is 3.
    private static SearchStudy Study(SearchDirection direction = SearchDirection.Minimize, int complete = 5)
    {
        var study = SearchStudy.Open(null, direction);
        for (var i = 1; i <= complete; i++)
            study.Add(TrialStatus.Complete, (10, i), (20, 0));
        study.Add(TrialStatus.Pruned, (10, -100));
        study.Add(TrialStatus.Failed, (10, 100));
        return study;
    }

    [TestMethod]
    [DataRow(SearchDirection.Minimize, 3.5, true)]
    [DataRow(SearchDirection.Minimize, 3.0, false)]
    [DataRow(SearchDirection.Minimize, 2.5, false)]
    [DataRow(SearchDirection.Maximize, 3.5, false)]
    [DataRow(SearchDirection.Maximize, 3.0, false)]
    [DataRow(SearchDirection.Maximize, 2.5, true)]
    [DataRow(SearchDirection.Minimize, double.NaN, true)]
    public void A_trial_worse_than_the_median_ends(SearchDirection direction, double objective, bool ends)
    {
        var study = Study(direction);
        Assert.AreEqual(ends, new MedianPruner().ShouldPrune(study, study.Add(TrialStatus.Running, (10, objective))));
    }

    [TestMethod]
    public void The_best_evaluation_so_far_counts()
    {
        var study = Study();
        Assert.IsFalse(new MedianPruner().ShouldPrune(study, study.Add(TrialStatus.Running, (5, 2), (10, 4))));
    }

    [TestMethod]
    public void Nothing_ends_before_there_is_enough_to_compare_with()
    {
        var few = Study(complete: 4);
        Assert.IsFalse(new MedianPruner().ShouldPrune(few, few.Add(TrialStatus.Running, (10, 9))));
        Assert.IsTrue(new MedianPruner(startupTrials: 4).ShouldPrune(few, few.Add(TrialStatus.Running, (10, 9))));
        var none = SearchStudy.Open(null, SearchDirection.Minimize);
        Assert.IsFalse(new MedianPruner(startupTrials: 0).ShouldPrune(none, none.Add(TrialStatus.Running, (10, 9))));
        var study = Study();
        Assert.IsFalse(new MedianPruner().ShouldPrune(study, study.Add(TrialStatus.Running, (15, 9))), "no other trial was evaluated after 15 updates");
        Assert.IsFalse(new MedianPruner(warmupSteps: 11).ShouldPrune(study, study.Add(TrialStatus.Running, (10, 9))));
        Assert.IsFalse(new MedianPruner().ShouldPrune(study, study.Add(TrialStatus.Running)));
    }

    [TestMethod]
    public void The_median_of_an_even_number_lies_between_the_two_in_the_middle()
    {
        var study = Study(complete: 6);
        Assert.IsFalse(new MedianPruner().ShouldPrune(study, study.Add(TrialStatus.Running, (10, 3.5))));
        Assert.IsTrue(new MedianPruner().ShouldPrune(study, study.Add(TrialStatus.Running, (10, 3.6))));
    }
}
