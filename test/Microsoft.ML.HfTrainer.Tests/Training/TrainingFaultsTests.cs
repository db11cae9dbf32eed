namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Settings that are right by themselves and wrong for the trainer that has them.</summary>
[TestClass]
public class TrainingFaultsTests
{
    private static readonly Func<EvalPrediction, IReadOnlyDictionary<string, double>> _metrics = _ => new Dictionary<string, double> { ["score"] = 1 };

    [TestMethod]
    public void All_faults_are_told_before_training()
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { EvalStrategy = IntervalStrategy.Epoch, BatchEvalMetrics = true };
        using var trainer = new Trainer(model, args, IterableDataset.From(() => TinyBert.Data(4)), dataCollator: TinyBert.Collator, computeMetrics: _metrics);
        args.WarmupSteps = -1;
        var message = Fault(trainer);
        Assert.Contains("EvalStrategy is Epoch, but there is no evaluation set", message);
        Assert.Contains("MaxSteps is -1; it should be above 0", message);
        Assert.Contains("set ComputeBatchMetrics", message);
        Assert.Contains("WarmupSteps is -1", message);
        Assert.AreEqual(0, trainer.State.GlobalStep);
    }

    [TestMethod]
    public void An_evaluation_before_the_first_update_needs_a_set()
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, new TrainingArguments { EvalOnStart = true }, TinyBert.Data(4), dataCollator: TinyBert.Collator);
        Assert.Contains("EvalOnStart is true, but there is no evaluation set", Fault(trainer));
    }

    [TestMethod]
    [DataRow("f1", false)]
    [DataRow("loss", true)]
    [DataRow("eval_loss", true)]
    [DataRow("samples_per_second", true)]
    public void A_metric_that_nothing_gives_is_told_before_training(string metric, bool given)
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { MaxSteps = 1, EvalStrategy = IntervalStrategy.Epoch, MetricForBestModel = metric };
        using var trainer = new Trainer(model, args, TinyBert.Data(4), TinyBert.Data(2), dataCollator: TinyBert.Collator);
        if (given)
            Assert.AreEqual(1, trainer.Train().GlobalStep);
        else
            Assert.Contains($"MetricForBestModel is '{metric}', but the trainer has no metrics that could give it", Fault(trainer));
    }

    [TestMethod]
    [DataRow("eval_a_loss", true)]
    [DataRow("b_loss", true)]
    [DataRow("loss", false)]
    public void Sets_with_names_give_metrics_with_their_names(string metric, bool given)
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { MaxSteps = 1, EvalStrategy = IntervalStrategy.Epoch, MetricForBestModel = metric };
        using var trainer = new Trainer(model, args, TinyBert.Data(4), dataCollator: TinyBert.Collator)
        {
            EvalDatasets = new Dictionary<string, Dataset> { ["a"] = TinyBert.Data(2), ["b"] = TinyBert.Data(3) },
        };
        if (given)
            Assert.AreEqual(1, trainer.Train().GlobalStep);
        else
            Assert.Contains("MetricForBestModel is 'loss'", Fault(trainer));
    }

    [TestMethod]
    public void A_metric_that_the_users_metrics_never_give_is_told_at_the_first_evaluation_with_what_they_give()
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { MaxSteps = 5, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1, MetricForBestModel = "f1" };
        using var trainer = new Trainer(model, args, TinyBert.Data(4), TinyBert.Data(2), dataCollator: TinyBert.Collator, computeMetrics: _metrics);
        var failure = Assert.Throws<Exception>(() => trainer.Train());
        Assert.Contains("gives no 'eval_f1'", failure.Message);
        Assert.Contains("eval_score", failure.Message);
        Assert.AreEqual(1, trainer.State.GlobalStep);
    }

    [TestMethod]
    [DataRow(IntervalStrategy.Steps, 7, "6 updates")]
    [DataRow(IntervalStrategy.Epoch, 2.5, "2 epochs")]
    public void An_evaluation_that_the_data_end_before_is_told(IntervalStrategy strategy, double delay, string end)
    {
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, EvalStrategy = strategy, SaveStrategy = SaveStrategy.Best, MetricForBestModel = "loss", EvalDelay = delay };
        (args.MaxSteps, args.NumTrainEpochs) = strategy == IntervalStrategy.Epoch ? (6, 3) : (-1, 2);
        using var trainer = new Trainer(model, args, TinyBert.Data(12), TinyBert.Data(2), dataCollator: TinyBert.Collator);
        Assert.Contains($"it should be at most the end of training, {end}", Fault(trainer));
    }

    [TestMethod]
    public void Warnings_of_the_settings_are_logged()
    {
        using var model = TinyBert.Model();
        var log = new MessageLog();
        using var trainer = new Trainer(model, TrainingArguments.Parse(["--no_cuda", "--ddp_backend", "gloo"]), logger: log);
        Assert.HasCount(2, log.Warnings);
        Assert.Contains("'use_cpu'", log.Warnings[0]);
        Assert.Contains("DdpBackend", log.Warnings[1]);
    }

    private static string Fault(Trainer trainer) => Assert.ThrowsExactly<ArgumentException>(() => trainer.Train()).Message;
}
