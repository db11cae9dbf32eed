namespace Microsoft.ML.HfTrainer.Tests.Estimators;

[TestClass]
public sealed class SequenceClassificationPredictionTests
{
    [TestMethod]
    public void RowsComeBackInOrderWithTheirOtherColumns()
    {
        using var model = new TinyModel();
        var ml = new MLContext(seed: 1);
        var trained = Classifiers.Train(ml, model);
        using var owned = (IDisposable)trained;
        var rows = Review.Some(1100);

        var verdicts = trained.Predict(ml, rows);

        Assert.HasCount(rows.Count, verdicts);
        foreach (var (row, verdict) in rows.Zip(verdicts))
        {
            Assert.AreEqual(row.Text, verdict.Text);
            Assert.AreEqual(row.Weight, verdict.Weight);
            CollectionAssert.AreEqual(row.Pixels, verdict.Pixels);
            Assert.AreEqual(1, verdict.Score.Sum(), 1e-5);
        }
        // The texts repeat every 24 rows, and so must what is predicted for them.
        for (var i = 24; i < rows.Count; i++)
            Assert.AreEqual(verdicts[i - 24].Score[0], verdicts[i].Score[0], 1e-6);
        Assert.IsGreaterThan(1e-4, verdicts.Max(v => v.Score[0]) - verdicts.Min(v => v.Score[0]));
    }
}
