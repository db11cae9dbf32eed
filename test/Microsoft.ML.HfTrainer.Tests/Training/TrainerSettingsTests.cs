namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Small settings and what they change.</summary>
[TestClass]
public class TrainerSettingsTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_configuration_says_whether_generation_keeps_keys_and_values(bool useCache)
    {
        using var model = TinyBert.Model();
        model.Config.Set("use_cache", !useCache);
        using var trainer = new Trainer(model, new TrainingArguments { UseCache = useCache });
        Assert.AreEqual(useCache, model.Config.GetBool("use_cache", !useCache));
    }

    [TestMethod]
    public void Metrics_see_each_batch_by_itself_where_batches_are_not_joined_alone()
    {
        using var model = TinyBert.Model();
        long[] sizes = [], widths = [];
        long joined = 0;
        var args = new TrainingArguments { PerDeviceEvalBatchSize = 4, EvalDoConcatBatches = false, IncludeForMetrics = ["inputs"], RandomStream = RandomStream.Reference };
        using var trainer = new Trainer(model, args, evalDataset: TinyBert.Data(10), dataCollator: TinyBert.Collator, computeMetrics: p =>
        {
            sizes = [.. p.Batches.Select(batch => batch.Predictions.shape[0])];
            widths = [.. p.Batches.Select(batch => batch.Inputs!.shape[1])];
            joined = p.Inputs!.shape[1];
            return new Dictionary<string, double> { ["right"] = p.Batches.Sum(batch => batch.PredictedClasses().Zip(batch.LabelClasses()).Count(x => x.First == x.Second)) / 10.0 };
        });
        var right = trainer.Evaluate()["eval_right"];
        CollectionAssert.AreEqual(new long[] { 4, 4, 2 }, sizes);
        Assert.AreEqual(joined, widths.Max());
        Assert.IsTrue(widths.Any(width => width < joined), string.Join(' ', widths));
        using var together = new Trainer(model, new TrainingArguments { PerDeviceEvalBatchSize = 4 }, evalDataset: TinyBert.Data(10), dataCollator: TinyBert.Collator, computeMetrics: p =>
        {
            Assert.IsEmpty(p.Batches);
            return new Dictionary<string, double> { ["right"] = p.PredictedClasses().Zip(p.LabelClasses()).Count(x => x.First == x.Second) / 10.0 };
        });
        Assert.AreEqual(right, together.Evaluate()["eval_right"]);
    }

    [TestMethod]
    public void Metrics_know_the_dataset_that_predictions_are_of()
    {
        using var model = TinyBert.Model();
        var (first, second, seen) = (TinyBert.Data(5), TinyBert.Data(3), new List<Dataset?>());
        using var trainer = new Trainer(model, new TrainingArguments(), evalDataset: first, dataCollator: TinyBert.Collator, computeMetrics: p =>
        {
            seen.Add(p.Dataset);
            Assert.AreEqual(p.Predictions.shape[0], p.Dataset!.Count);
            return new Dictionary<string, double>();
        });
        trainer.Evaluate();
        trainer.Evaluate(second);
        trainer.Predict(second).Dispose();
        CollectionAssert.AreEqual(new[] { first, second, second }, seen);
    }
}
