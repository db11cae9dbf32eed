namespace Microsoft.ML.HfTrainer.Tests.Readme;

[TestClass]
public class SampleTests
{
    public static IEnumerable<object[]> Samples => Sample.All.Select(sample => new object[] { sample.ToString() });

    [TestMethod]
    [DynamicData(nameof(Samples))]
    public void A_sample_compiles(string place) => Assert.AreEqual("", string.Join('\n', Sample.All.Single(sample => sample.ToString() == place).Errors()));

    [TestMethod]
    public void The_readme_has_whole_programs() => Assert.IsGreaterThanOrEqualTo(3, Sample.All.Count(sample => sample is { Page: "README.md", IsProgram: true }));
}
