namespace Microsoft.ML.HfTrainer.Tests.Training.Search.Samplers;

/// <summary>What holds for every sampler.</summary>
[TestClass]
public sealed class SamplerTests
{
    public static IEnumerable<object[]> Samplers =>
    [
        ["random", (Func<int, ISearchSampler>)(seed => new RandomSearchSampler(seed))], ["grid", (Func<int, ISearchSampler>)(_ => new GridSearchSampler(4))],
        ["tpe", (Func<int, ISearchSampler>)(seed => new TpeSearchSampler(seed, startupTrials: 5))],
    ];

    [TestMethod]
    [DynamicData(nameof(Samplers), DynamicDataDisplayName = nameof(RowName))]
    public void One_seed_gives_one_search_however_often_it_stops(string name, Func<int, ISearchSampler> make)
    {
        var whole = Experiment.Run(make(3), Bowl, 30);
        var parts = Experiment.Run(make(3), Bowl, 13);
        Experiment.Run(make(3), Bowl, 30, study: parts);
        CollectionAssert.AreEqual(whole.Choices(), parts.Choices());
        if (name != "grid")
            CollectionAssert.AreNotEqual(whole.Choices(), Experiment.Run(make(4), Bowl, 30).Choices());
    }

    [TestMethod]
    [DynamicData(nameof(Samplers), DynamicDataDisplayName = nameof(RowName))]
    public void Values_are_those_that_there_are(string name, Func<int, ISearchSampler> make)
    {
        foreach (var trial in Experiment.Run(make(1), Bowl, 60).Trials)
        {
            Assert.IsTrue((double)trial.Parameters["rate"]! is >= 1e-5 and <= 1e-1, name);
            Assert.IsTrue((int)trial.Parameters["count"]! is 1 or 4 or 7, name);
            Assert.AreEqual(0, Math.IEEERemainder((double)trial.Parameters["step"]! - 0.5, 0.25), 1e-9, name);
            Assert.IsTrue((double)trial.Parameters["step"]! is >= 0.5 and <= 1.5, name);
            Assert.IsTrue((int)trial.Parameters["log"]! is >= 1 and <= 100, name);
            Assert.AreEqual(2.0, trial.Parameters["one"], name);
        }
    }

    public static string RowName(System.Reflection.MethodInfo method, object[] row) => $"{method.Name}, {row[0]}";

    private static double Bowl(Trial trial) =>
        Math.Pow(Math.Log10(trial.SuggestNumber("rate", 1e-5, 1e-1, isLog: true)) + 3, 2) + trial.SuggestInteger("count", 1, 8, step: 3) + trial.SuggestNumber("step", 0.5, 1.5, step: 0.25)
        + trial.SuggestInteger("log", 1, 100, isLog: true) + trial.SuggestNumber("one", 2, 2) + (trial.SuggestChoice("kind", "a", "b", "c") == "b" ? 0 : 1);
}
