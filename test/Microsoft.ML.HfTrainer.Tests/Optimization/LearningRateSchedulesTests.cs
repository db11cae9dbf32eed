using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Optimization;

[TestClass]
public class LearningRateSchedulesTests
{
    [TestMethod]
    [DataRow("linear", "num_cycles", "takes no settings")]
    [DataRow("cosine", "num_cycle", "'num_cycles'")]
    [DataRow("polynomial", "power_", "lr_end, power")]
    [DataRow("warmup_stable_decay", "num_decay_step", "'num_decay_steps'")]
    [DataRow("reduce_lr_on_plateau", "patience_", "'patience'")]
    [DataRow("greedy", "minimum_lr", "'min_lr'")]
    public void A_setting_that_a_schedule_does_not_take_is_refused(string name, string setting, string says)
    {
        var arguments = new TrainingArguments { LrSchedulerType = name, LrSchedulerKwargs = new() { ["num_decay_steps"] = 2, [setting] = 1 }, EvalStrategy = IntervalStrategy.Epoch };
        if (name != "warmup_stable_decay")
            arguments.LrSchedulerKwargs.Remove("num_decay_steps");
        using var optimizer = Optimizer(1);
        foreach (var message in new[] { Assert.Throws<ArgumentException>(() => LearningRateSchedules.Create(optimizer, arguments.ToScheduleSettings(10))).Message, Assert.Throws<ArgumentException>(arguments.Validate).Message })
        {
            Assert.Contains($"'{setting}'", message);
            Assert.Contains(says, message);
        }
    }

    [TestMethod]
    [DataRow("warmup_stable_decay", "decay_type", "steep", "linear, cosine, 1-sqrt")]
    [DataRow("reduce_lr_on_plateau", "mode", "best", "min or max")]
    [DataRow("reduce_lr_on_plateau", "factor", 1.5, "below 1")]
    [DataRow("greedy", "threshold_mode", "both", "rel or abs")]
    [DataRow("polynomial", "lr_end", 1.0, "smaller than TrainingArguments.LearningRate")]
    [DataRow("cosine", "num_cycles", "many", "a number")]
    public void A_setting_out_of_range_is_refused(string name, string setting, object value, string says)
    {
        var options = new KeywordArguments { [setting] = value };
        if (name == "warmup_stable_decay")
            options["num_decay_steps"] = 2;
        using var optimizer = Optimizer(1);
        var message = Assert.Throws<ArgumentException>(() => LearningRateSchedules.Create(optimizer, new ScheduleSettings { LrSchedulerType = name, LrSchedulerKwargs = options, TotalSteps = 10 })).Message;
        Assert.Contains(setting, message);
        Assert.Contains(says, message);
    }

    [TestMethod]
    public void A_metrics_schedule_may_have_a_smallest_rate_for_each_group()
    {
        using var optimizer = Optimizer(0.5, 0.5);
        var scheduler = new PlateauScheduler(optimizer, new() { ["patience"] = 0, ["min_lr"] = new object[] { 0.25, 0.1 } });
        foreach (var metric in new[] { 1.0, 1, 1, 1 })
            scheduler.Step(metric);
        CollectionAssert.AreEqual(new[] { 0.25, 0.1 }, optimizer.Groups.Select(g => g.LearningRate).ToArray());
        Assert.Contains("3 values for 'min_lr'", Assert.Throws<ArgumentException>(() => new PlateauScheduler(optimizer, new() { ["min_lr"] = new object[] { 1, 2, 3 } })).Message);
    }

    [TestMethod]
    public void A_schedule_steps_by_updates_or_by_metrics()
    {
        using var optimizer = Optimizer(1);
        Assert.Throws<InvalidOperationException>(() => new LambdaScheduler(optimizer, _ => 1).Step(0.5));
        Assert.Throws<InvalidOperationException>(new GreedyScheduler(optimizer).Step);
    }

    [TestMethod]
    public void Schedules_of_ones_own_are_known_by_their_names()
    {
        LearningRateSchedules.Register("test_halves", (step, _, _) => Math.Pow(0.5, step));
        LearningRateSchedules.Register("test_stairs", (optimizer, settings) => new LambdaScheduler(optimizer, step => step < settings.TotalSteps * settings.LrSchedulerKwargs.Number("at", 0.5) ? 1 : 0.1));
        CollectionAssert.AreEqual(new[] { 2.0, 1, 0.5 }, Rates("test_halves", []));
        CollectionAssert.AreEqual(new[] { 2.0, 2, 0.2 }, Rates("test_stairs", new() { ["at"] = 0.2 }));

        double[] Rates(string name, KeywordArguments options)
        {
            using var optimizer = Optimizer(2);
            var scheduler = LearningRateSchedules.Create(optimizer, new ScheduleSettings { LrSchedulerType = name, LrSchedulerKwargs = options, TotalSteps = 10 });
            return [.. Enumerable.Range(0, 3).Select(_ => { var rate = optimizer.Groups[0].LearningRate; scheduler.Step(); return rate; })];
        }
    }

    [TestMethod]
    public void The_state_of_PyTorch_is_read_and_the_new_runs_length_counts()
    {
        // As PyTorch writes it after 8 of 20 updates; here the run has 40.
        var state = JsonNode.Parse("""
            {"base_lrs": [0.005, 0.005], "last_epoch": 8, "_step_count": 9, "_is_initial": false, "_get_lr_called_within_step": false, "_last_lr": [0.003, 0.003], "lr_lambdas": [{}, {}]}
            """)!.AsObject();
        using var optimizer = Optimizer(1, 1);
        var scheduler = LearningRateSchedules.Create(optimizer, new ScheduleSettings { LearningRate = 1, TotalSteps = 40 });
        scheduler.LoadState(state);
        Assert.AreEqual(8, scheduler.LastStep);
        CollectionAssert.AreEqual(new[] { 0.003, 0.003 }, optimizer.Groups.Select(g => g.LearningRate).ToArray(), "the next update uses the rate that was saved");
        scheduler.Step();
        CollectionAssert.AreEqual(new[] { 0.005 * (31 / 40.0), 0.005 * (31 / 40.0) }, optimizer.Groups.Select(g => g.LearningRate).ToArray());
        var exported = scheduler.ExportState();
        foreach (var field in new[] { "base_lrs", "last_epoch", "_step_count", "_last_lr", "lr_lambdas" })
            Assert.AreEqual(state[field]!.GetValueKind(), exported[field]!.GetValueKind(), field);
        Assert.AreEqual(10, (int)exported["_step_count"]!);
    }

    [TestMethod]
    [DataRow("""{ "last_epoch": 3, "_last_lr": [1, 1] }""", "lacks 'base_lrs'")]
    [DataRow("""{ "base_lrs": [1], "last_epoch": 3, "_last_lr": [1, 1] }""", "'base_lrs': [1]; it should be 2 numbers")]
    [DataRow("""{ "base_lrs": [1, 2], "last_epoch": "three", "_last_lr": [1, 1] }""", "'last_epoch': \"three\"; it should be a number")]
    public void A_state_that_does_not_fit_is_refused(string json, string says)
    {
        using var optimizer = Optimizer(1, 1);
        var scheduler = LearningRateSchedules.Create(optimizer, new ScheduleSettings { TotalSteps = 40 });
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => scheduler.LoadState(JsonNode.Parse(json)!.AsObject())).Message);
        Assert.AreEqual(0, scheduler.LastStep);
    }

    private static SGD Optimizer(params double[] rates) => new([.. rates.Select(rate => new ParameterGroup([], 0, rate))]);
}
