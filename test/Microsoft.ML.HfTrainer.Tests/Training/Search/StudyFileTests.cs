using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer.Tests.Training.Search;

[TestClass]
public sealed class StudyFileTests
{
    [TestMethod]
    public void A_study_is_read_as_it_was_left()
    {
        using var folder = new TemporaryFolder();
        var study = SearchStudy.Open(folder.Path, SearchDirection.Maximize);
        Experiment.Run(new RandomSearchSampler(), Objective, 3, study: study);
        study.Add(TrialStatus.Pruned, (4, 0.25), (8, double.NaN));
        study.End(study.Begin(4), TrialStatus.Failed, error: "It was \"odd\".");
        study.Add(TrialStatus.Running, (4, 0.5));
        var read = SearchStudy.Open(folder.Path, SearchDirection.Maximize);
        CollectionAssert.AreEqual(study.Trials.Select(Describe).ToList(), read.Trials.Select(Describe).ToList());
        Assert.AreEqual(study.Best!.Number, read.Best!.Number);
        Assert.AreEqual(study.Trials[0].Distributions["rate"], read.Trials[0].Distributions["rate"]);
        Assert.AreEqual(study.Trials[0].Distributions["count"], read.Trials[0].Distributions["count"]);
        Assert.AreEqual(1, read.Trials[0].Distributions["kind"].NumberOf("b"));
    }

    [TestMethod]
    public void A_line_in_part_is_as_if_it_had_not_been_begun()
    {
        using var folder = new TemporaryFolder();
        Experiment.Run(new RandomSearchSampler(), Objective, 2, study: SearchStudy.Open(folder.Path, SearchDirection.Minimize));
        var file = folder[StudyFile.Name];
        File.WriteAllText(file, File.ReadAllText(file)[..^3]);
        var read = SearchStudy.Open(folder.Path, SearchDirection.Minimize);
        Assert.AreEqual(TrialStatus.Running, read.Trials[1].Status);
        Assert.HasCount(3, read.Trials[1].Parameters);
        read.End(read.Begin(1), TrialStatus.Complete, 0.5);
        Assert.AreEqual(0.5, SearchStudy.Open(folder.Path, SearchDirection.Minimize).Trials[1].Objective);
    }

    [TestMethod]
    public void A_trial_that_begins_again_is_evaluated_anew()
    {
        using var folder = new TemporaryFolder();
        SearchStudy.Open(folder.Path, SearchDirection.Minimize).Add(TrialStatus.Running, (4, 0.5), (8, 0.25));
        var read = SearchStudy.Open(folder.Path, SearchDirection.Minimize);
        Assert.IsEmpty(read.Begin(0).Reports);
        read.Report(read.Trials[0], 4, 0.75);
        CollectionAssert.AreEqual(new[] { (4, 0.75) }, SearchStudy.Open(folder.Path, SearchDirection.Minimize).Trials[0].Reports.ToArray());
    }

    [TestMethod]
    public void A_study_of_the_other_direction_is_refused()
    {
        using var folder = new TemporaryFolder();
        SearchStudy.Open(folder.Path, SearchDirection.Maximize);
        var error = Assert.ThrowsExactly<ArgumentException>(() => SearchStudy.Open(folder.Path, SearchDirection.Minimize));
        StringAssert.Contains(error.Message, "begun with the direction Maximize");
    }

    [TestMethod]
    [DataRow("{\"trial\":0,")]
    [DataRow("{\"parameter\":\"seed\"}")]
    [DataRow("{\"trial\":7}")]
    [DataRow("{\"trial\":0,\"status\":\"Done\"}")]
    [DataRow("[]")]
    [DataRow("{\"trial\":0,\"step\":1.5,\"objective\":1}")]
    public void A_damaged_line_is_named(string line)
    {
        using var folder = new TemporaryFolder();
        SearchStudy.Open(folder.Path, SearchDirection.Minimize).Add(TrialStatus.Complete, (1, 1));
        File.AppendAllText(folder[StudyFile.Name], line + "\n");
        var error = Assert.ThrowsExactly<InvalidDataException>(() => SearchStudy.Open(folder.Path, SearchDirection.Minimize));
        StringAssert.Contains(error.Message, $"Line 5 of the study '{folder[StudyFile.Name]}'");
    }

    private static double Objective(Trial trial) =>
        trial.SuggestNumber("rate", 1e-5, 1e-1, isLog: true) + trial.SuggestInteger("count", 0, 8, step: 2) + (trial.SuggestChoice("kind", "a", "b") == "a" ? 0 : 1);

    private static string Describe(TrialResult trial) => FormattableString.Invariant(
        $"{trial.Name} {trial.Status} {trial.Objective:R} {trial.Error}: {string.Join(' ', trial.Parameters)}; {string.Join(' ', trial.Reports)}");
}
