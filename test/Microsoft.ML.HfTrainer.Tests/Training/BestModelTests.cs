using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class BestModelTests
{
    // Evaluations after each of four updates; the second is best.
    private static readonly double[] _scores = [0.5, 0.9, 0.7, 0.8];

    [TestMethod]
    [DataRow(true, DisplayName = "with an output folder")]
    [DataRow(false, DisplayName = "without one")]
    public void The_best_weights_come_back_at_the_end(bool withFolder)
    {
        using var output = new TemporaryFolder();
        using var model = TinyBert.Model();
        var args = Arguments(withFolder ? output["out"] : null);
        var weights = new List<Dictionary<string, float[]>>();
        string? folder;
        using (var trainer = Scored(model, args, weights))
        {
            trainer.Train();
            folder = Path.GetDirectoryName(trainer.State.BestModelCheckpoint);
            Assert.AreEqual(2, trainer.State.BestGlobalStep);
            Assert.AreEqual(0.9, trainer.State.BestMetric);
            Assert.IsTrue(Directory.Exists(trainer.State.BestModelCheckpoint));
        }
        foreach (var (name, values) in TinyBert.Weights(model))
            CollectionAssert.AreEqual(weights[1][name], values, name);
        Assert.AreNotEqual(weights[1]["classifier.weight"][0], weights[3]["classifier.weight"][0]);
        Assert.AreEqual(withFolder, Directory.Exists(folder));
        Assert.AreEqual(withFolder, Directory.Exists(output["out"]));
    }

    [TestMethod]
    public void Lower_is_better_for_a_loss_and_where_it_is_said()
    {
        Assert.IsFalse(new TrainingArguments { LoadBestModelAtEnd = true }.HigherIsBetter);
        Assert.IsFalse(new TrainingArguments { MetricForBestModel = "eval_validation_loss" }.HigherIsBetter);
        Assert.IsTrue(new TrainingArguments { MetricForBestModel = "accuracy" }.HigherIsBetter);
        Assert.IsFalse(new TrainingArguments { MetricForBestModel = "error", GreaterIsBetter = false }.HigherIsBetter);
    }

    [TestMethod]
    public void The_strategy_best_writes_after_improvements_alone()
    {
        using var output = new TemporaryFolder();
        using var model = TinyBert.Model();
        var args = Arguments(output.Path);
        args.SaveStrategy = SaveStrategy.Best;
        using var trainer = Scored(model, args, []);
        trainer.Train();
        CollectionAssert.AreEqual(new[] { "checkpoint-1", "checkpoint-2" }, Directory.GetDirectories(output.Path).Select(Path.GetFileName).Order().ToArray());
        Assert.AreEqual(output["checkpoint-2"], trainer.State.BestModelCheckpoint);
    }

    [TestMethod]
    public void A_metric_that_the_evaluation_does_not_give_is_named_beside_those_it_gives()
    {
        using var model = TinyBert.Model();
        var args = Arguments(null);
        args.MetricForBestModel = "f1";
        using var trainer = Scored(model, args, []);
        var message = Assert.ThrowsExactly<ArgumentException>(() => trainer.Train()).Message;
        StringAssert.Contains(message, "MetricForBestModel is 'f1'");
        StringAssert.Contains(message, "eval_score");
    }

    private static TrainingArguments Arguments(string? folder) => new()
    {
        OutputDir = folder, PerDeviceTrainBatchSize = 4, MaxSteps = 4, LearningRate = 0.01, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1,
        SaveStrategy = SaveStrategy.Steps, SaveSteps = 1, LoadBestModelAtEnd = true, MetricForBestModel = "score",
    };

    private static Trainer Scored(PretrainedModel model, TrainingArguments args, List<Dictionary<string, float[]>> weights) =>
        new(model, args, TinyBert.Data(16), TinyBert.Data(4), dataCollator: TinyBert.Collator, computeMetrics: _ =>
        {
            weights.Add(TinyBert.Weights(model));
            return new Dictionary<string, double> { ["score"] = _scores[weights.Count - 1] };
        });
}
