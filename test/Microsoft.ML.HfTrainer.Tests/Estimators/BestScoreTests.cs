using Microsoft.ML.HfTrainer.Estimators;

namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class BestScoreTests
{
    [TestMethod]
    [DataRow(new[] { 0.2f, 0.5f, 0.3f }, 1)]
    [DataRow(new[] { 0.5f, 0.5f }, 0)]
    [DataRow(new[] { float.NegativeInfinity, float.PositiveInfinity }, 1)]
    [DataRow(new[] { float.NaN, float.NaN }, -1)]
    public void TheHighestScoreIsChosenIfThereIsOne(float[] scores, int index)
    {
        Assert.AreEqual(index, BestScore.IndexOf(scores));
        Assert.AreEqual((uint)(index + 1), BestScore.KeyOf(scores));
    }
}
