using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainingArgumentsTests
{
    public static IEnumerable<object[]> Wrong =>
    [
        ["PerDeviceTrainBatchSize is 0", new TrainingArguments { PerDeviceTrainBatchSize = 0 }],
        ["PerDeviceEvalBatchSize is -1", new TrainingArguments { PerDeviceEvalBatchSize = -1 }],
        ["GradientAccumulationSteps is 0", new TrainingArguments { GradientAccumulationSteps = 0 }],
        ["NumTrainEpochs is 0", new TrainingArguments { NumTrainEpochs = 0 }],
        ["LearningRate is NaN", new TrainingArguments { LearningRate = double.NaN }],
        ["WarmupSteps is -1", new TrainingArguments { WarmupSteps = -1 }],
        ["AdamBeta2 is 1", new TrainingArguments { AdamBeta2 = 1 }],
        ["LoggingSteps is 1.5", new TrainingArguments { LoggingSteps = 1.5 }],
        ["SaveSteps is 0", new TrainingArguments { SaveSteps = 0 }],
        ["SaveTotalLimit is 0", new TrainingArguments { SaveTotalLimit = 0 }],
        ["EvalStrategy is No", new TrainingArguments { LoadBestModelAtEnd = true }],
        ["SaveStrategy is Steps", new TrainingArguments { LoadBestModelAtEnd = true, EvalStrategy = IntervalStrategy.Epoch }],
        ["multiple of EvalSteps 20", new TrainingArguments { LoadBestModelAtEnd = true, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 20, SaveSteps = 50 }],
        ["MetricForBestModel is null", new TrainingArguments { SaveStrategy = SaveStrategy.Best }],
    ];

    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public void A_wrong_setting_is_named_with_its_value_and_what_is_right(string expected, TrainingArguments args)
    {
        var message = Assert.ThrowsExactly<ArgumentException>(args.Validate).Message;
        StringAssert.Contains(message, expected);
        StringAssert.Contains(message, "should be");
    }

    [TestMethod]
    [DataRow("adamw_torch_fusd", "linear", "Optim is 'adamw_torch_fusd'", "'adamw_torch_fused'")]
    [DataRow("adamw_torch", "Linaer", "LrSchedulerType is 'Linaer'", "'linear'")]
    [DataRow("adamw_torch", "constant_with_warmups", "LrSchedulerType is 'constant_with_warmups'", "'constant_with_warmup'")]
    public void An_unknown_name_is_refused_with_the_nearest_known_one(string optim, string schedule, string found, string nearest)
    {
        using var model = TinyBert.Model();
        var message = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(model, new TrainingArguments { Optim = optim, LrSchedulerType = schedule })).Message;
        StringAssert.Contains(message, found);
        StringAssert.Contains(message, $"Did you mean {nearest}?");
    }

    [TestMethod]
    public void Json_has_the_originals_names_and_values()
    {
        using var json = JsonDocument.Parse(new TrainingArguments("out") { LearningRate = 2e-5, EvalStrategy = IntervalStrategy.Epoch, SaveStrategy = SaveStrategy.Epoch, LoadBestModelAtEnd = true }.ToJson());
        var root = json.RootElement;
        Assert.AreEqual("out", root.GetProperty("output_dir").GetString());
        Assert.AreEqual(2e-5, root.GetProperty("learning_rate").GetDouble());
        Assert.AreEqual("epoch", root.GetProperty("eval_strategy").GetString());
        Assert.AreEqual("loss", root.GetProperty("metric_for_best_model").GetString());
        Assert.IsFalse(root.GetProperty("greater_is_better").GetBoolean());
        Assert.AreEqual(42, root.GetProperty("seed").GetInt32());
        Assert.AreEqual("random", root.GetProperty("train_sampling_strategy").GetString());
    }

    [TestMethod]
    public void Json_has_every_setting_that_can_be_written()
    {
        using var json = JsonDocument.Parse(new TrainingArguments().ToJson());
        var names = json.RootElement.EnumerateObject().Select(p => p.Name.Replace("_", "")).ToHashSet();
        var missing = typeof(TrainingArguments).GetProperties().Where(p => p.CanWrite && p.Name != nameof(TrainingArguments.CancellationToken) && !names.Contains(p.Name.ToLowerInvariant()));
        Assert.IsEmpty(missing);
    }

    [TestMethod]
    public void A_copy_is_independent()
    {
        var args = new TrainingArguments { LearningRate = 1 };
        args.Clone().LearningRate = 2;
        Assert.AreEqual(1, args.LearningRate);
    }
}
