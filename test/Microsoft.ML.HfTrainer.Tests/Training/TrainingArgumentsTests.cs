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
        ["SaveSteps is 0.3", new TrainingArguments { LoadBestModelAtEnd = true, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 0.2, SaveSteps = 0.3 }],
        ["SaveSteps is 0.5", new TrainingArguments { LoadBestModelAtEnd = true, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 10, SaveSteps = 0.5 }],
        ["MetricForBestModel is null", new TrainingArguments { SaveStrategy = SaveStrategy.Best, EvalStrategy = IntervalStrategy.Epoch }],
        ["EvalStrategy is No", new TrainingArguments { SaveStrategy = SaveStrategy.Best, MetricForBestModel = "f1" }],
        ["EvalStrategy is No", new TrainingArguments { LrSchedulerType = "reduce_lr_on_plateau" }],
        ["EvalStrategy is No", new TrainingArguments { LrSchedulerType = "greedy" }],
        ["EvalStrategy is No", new TrainingArguments { MetricForBestModel = "f1" }],
        ["EvalDelay is 4", Best(a => a.EvalDelay = 4)],
        ["EvalDelay is 11", Best(a => (a.EvalStrategy, a.SaveStrategy, a.MaxSteps, a.EvalDelay) = (IntervalStrategy.Steps, SaveStrategy.Steps, 10, 11))],
        ["PredictionLossOnly is True", Best(a => (a.MetricForBestModel, a.PredictionLossOnly) = ("f1", true))],
        ["Fp16 is True", new TrainingArguments { Fp16 = true, Bf16 = true }],
        ["Fp16FullEval is True", new TrainingArguments { Fp16FullEval = true, Bf16FullEval = true }],
        ["LabelSmoothingFactor is 1.5", new TrainingArguments { LabelSmoothingFactor = 1.5 }],
        ["TorchEmptyCacheSteps is 0", new TrainingArguments { TorchEmptyCacheSteps = 0 }],
        ["EvalAccumulationSteps is 0", new TrainingArguments { EvalAccumulationSteps = 0 }],
        ["NeftuneNoiseAlpha is -1", new TrainingArguments { NeftuneNoiseAlpha = -1 }],
        ["AdamEpsilon is -1", new TrainingArguments { AdamEpsilon = -1 }],
        ["EvalDelay is -1", new TrainingArguments { EvalDelay = -1 }],
        ["DataloaderNumWorkers is -1", new TrainingArguments { DataloaderNumWorkers = -1 }],
        ["DataloaderPrefetchFactor is 2", new TrainingArguments { DataloaderPrefetchFactor = 2 }],
        ["DataloaderPrefetchFactor is 0", new TrainingArguments { DataloaderPrefetchFactor = 0, DataloaderNumWorkers = 1 }],
        ["DataloaderPersistentWorkers is True", new TrainingArguments { DataloaderPersistentWorkers = true }],
        ["IncludeForMetrics is 'labels'", new TrainingArguments { IncludeForMetrics = ["inputs", "labels"] }],
        ["AcceleratorConfig is an object with 'split_batch'", new TrainingArguments { AcceleratorConfig = new() { ["split_batch"] = true } }],
        ["Fsdp is \"true\"", new TrainingArguments { Fsdp = "true" }],
        ["Debug is [\"underflow_overflow\"]", new TrainingArguments { Debug = ["underflow_overflow"] }],
        ["OptimTargetModules is [\"all-linear\"]", new TrainingArguments { OptimTargetModules = ["all-linear"] }],
    ];

    private static TrainingArguments Best(Action<TrainingArguments> change)
    {
        var arguments = new TrainingArguments { LoadBestModelAtEnd = true, EvalStrategy = IntervalStrategy.Epoch, SaveStrategy = SaveStrategy.Epoch };
        change(arguments);
        return arguments;
    }

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
    public void An_unknown_reporter_is_refused_with_the_nearest_known_one()
    {
        var message = Assert.ThrowsExactly<ArgumentException>(new TrainingArguments { ReportTo = ["jsonl", "tensorbord"] }.Validate).Message;
        StringAssert.Contains(message, "ReportTo is 'tensorbord'");
        StringAssert.Contains(message, "Did you mean 'tensorboard'?");
        new TrainingArguments { ReportTo = ["all"] }.Validate();
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
    public void All_faults_are_told_at_once()
    {
        var message = Assert.ThrowsExactly<ArgumentException>(new TrainingArguments { PerDeviceTrainBatchSize = 0, Fp16 = true, Bf16 = true, LoadBestModelAtEnd = true, MaxGradNorm = -1 }.Validate).Message;
        foreach (var name in new[] { "PerDeviceTrainBatchSize is 0", "Fp16 is True", "EvalStrategy is No", "MaxGradNorm is -1" })
            Assert.Contains(name, message);
        Assert.StartsWith("4 errors in the training arguments", message);
    }

    [TestMethod]
    public void What_follows_from_other_settings_is_read_until_it_is_set()
    {
        var args = new TrainingArguments { EvalStrategy = IntervalStrategy.Steps, LoggingSteps = 20, LoadBestModelAtEnd = true };
        Assert.AreEqual(20, args.EvalSteps);
        Assert.AreEqual("loss", args.MetricForBestModel);
        Assert.IsFalse(args.GreaterIsBetter);
        Assert.IsTrue(args.DoEval);
        (args.EvalSteps, args.MetricForBestModel) = (5, "accuracy");
        Assert.AreEqual(5, args.EvalSteps);
        Assert.IsTrue(args.GreaterIsBetter);
        Assert.IsNull(new TrainingArguments().EvalSteps);
        Assert.IsNull(new TrainingArguments().GreaterIsBetter);
        Assert.AreEqual("loss", new TrainingArguments { LrSchedulerType = "greedy" }.MetricForBestModel);
    }

    [TestMethod]
    public void The_home_folder_may_be_written_short() =>
        Assert.AreEqual(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "runs"), new TrainingArguments("~/runs").OutputDir);

    [TestMethod]
    public void A_setting_without_effect_is_told()
    {
        Assert.Contains("DdpBackend is \"gloo\", which has no effect: the launcher decides how processes communicate.", new TrainingArguments { DdpBackend = "gloo" }.Warnings.Single());
        Assert.IsEmpty(new TrainingArguments().Warnings);
    }

    [TestMethod]
    public void An_evaluation_that_is_rarer_than_it_looks_is_told() =>
        Assert.Contains("EvalSteps is 20", new TrainingArguments { EvalStrategy = IntervalStrategy.Steps, EvalSteps = 20, MaxSteps = 10 }.Warnings.Single());

    [TestMethod]
    public void A_copy_is_independent()
    {
        var args = new TrainingArguments { LearningRate = 1 };
        args.Clone().LearningRate = 2;
        Assert.AreEqual(1, args.LearningRate);
        args.LrSchedulerKwargs = new KeywordArguments { ["num_cycles"] = 1 };
        args.Clone().LrSchedulerKwargs!["num_cycles"] = 2;
        Assert.AreEqual(1, args.LrSchedulerKwargs["num_cycles"]);
        args.ActivationCheckpointingKwargs = new KeywordArguments { ["every_n_layers"] = 1 };
        args.Clone().ActivationCheckpointingKwargs!["every_n_layers"] = 2;
        Assert.AreEqual(1, args.ActivationCheckpointingKwargs["every_n_layers"]);
    }
}
