using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Training.Search;

namespace Microsoft.ML.HfTrainer.Tests.Training.Search;

[TestClass]
public sealed class HyperparameterSearchTests
{
    private static readonly SearchSpace _rates = new SearchSpace().Categorical("learning_rate", 0.0, 0.01, 0.003);

    [TestMethod]
    public void The_best_trial_is_that_with_the_best_last_evaluation()
    {
        using var folder = new TemporaryFolder();
        var log = new MessageLog();
        using (var trainer = Make(Arguments(folder.Path), log))
        {
            var live = new LiveTensors();
            var best = trainer.HyperparameterSearch(_rates, sampler: new GridSearchSampler());
            // TorchSharp counts the tensor that a parameter was made from, which is gone, for good.
            live.AssertUnchanged(3 * trainer.Model.parameters().Count());
            var trials = best.Study.Trials;
            CollectionAssert.AreEqual(new[] { 1, 2, 3 }, Enumerable.Range(0, 5).Where(i => log.Infos.Any(m => m.StartsWith($"Trial {i} of ", StringComparison.Ordinal))).ToArray());
            CollectionAssert.AreEqual(new object[] { 0.0, 0.01, 0.003 }, trials.Select(t => t.Parameters["learning_rate"]).ToArray());
            Assert.AreEqual(trials.Min(t => t.Objective), best.Objective);
            Assert.AreEqual(best.Objective, trials[int.Parse(best.RunId)].Objective);
            Assert.AreSame(trials[int.Parse(best.RunId)].Parameters, best.Hyperparameters);
            foreach (var trial in trials)
            {
                // As if it had been trained alone.
                Assert.AreEqual(LossOf((double)trial.Parameters["learning_rate"]!), trial.Objective, trial.Name);
                CollectionAssert.AreEqual(new[] { 4, 8 }, trial.Reports.Select(r => r.Step).ToArray());
                Assert.AreEqual(trial.Objective, trial.Reports[1].Objective);
                Assert.IsTrue(File.Exists(folder[$"{trial.Name}/checkpoint-8/model.safetensors"]), trial.Name);
                using var state = JsonDocument.Parse(File.ReadAllBytes(folder[$"{trial.Name}/checkpoint-8/trainer_state.json"]));
                Assert.IsTrue(state.RootElement.GetProperty("is_hyper_param_search").GetBoolean());
                Assert.AreEqual(trial.Name, state.RootElement.GetProperty("trial_name").GetString());
                Assert.AreEqual((double)trial.Parameters["learning_rate"]!, state.RootElement.GetProperty("trial_params").GetProperty("learning_rate").GetDouble());
            }
            trainer.Model.Dispose();
        }
        Assert.AreEqual("run-0", new DirectoryInfo(folder.Path).GetDirectories().Select(d => d.Name).Order().First());
    }

    [TestMethod]
    public void Metrics_are_added_up_where_there_are_any()
    {
        Assert.AreEqual(0.5, SearchObjective.Default(new LogRecord { ["eval_loss"] = 0.5, ["epoch"] = 1, ["eval_runtime"] = 9, ["eval_steps_per_second"] = 9, ["eval_model_preparation_time"] = 9 }));
        Assert.AreEqual(1.25, SearchObjective.Default(new LogRecord { ["eval_loss"] = 0.5, ["eval_accuracy"] = 0.75, ["eval_f1"] = 0.5, ["eval_runtime"] = 9, ["epoch"] = 1 }));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SearchObjective.Default(new LogRecord { ["epoch"] = 1 })).Message, "no objective");
    }

    [TestMethod]
    public void A_trial_that_is_not_evaluated_in_training_is_at_its_end()
    {
        var args = Arguments(null);
        args.EvalStrategy = IntervalStrategy.No;
        var best = HyperparameterSearch.Run(args, trial => Make(trial.Arguments), new() { Space = _rates, Sampler = new GridSearchSampler(), Objective = metrics => -metrics["eval_loss"], Direction = SearchDirection.Maximize });
        Assert.AreEqual(-LossOf((double)best.Hyperparameters["learning_rate"]!), best.Objective);
        Assert.AreEqual(best.Study.Trials.Max(t => t.Objective), best.Objective);
    }

    [TestMethod]
    public void A_trial_that_fails_is_noted_and_the_others_are_run()
    {
        var log = new MessageLog();
        using var trainer = Make(Arguments(null), log);
        var best = trainer.HyperparameterSearch(new SearchSpace().Categorical("per_device_train_batch_size", 0, 4), sampler: new GridSearchSampler());
        Assert.AreEqual("1", best.RunId);
        Assert.AreEqual(TrialStatus.Failed, best.Study.Trials[0].Status);
        StringAssert.Contains(best.Study.Trials[0].Error, "PerDeviceTrainBatchSize is 0");
        StringAssert.StartsWith(log.Warnings.Single(), "Trial 1 (run-0, per_device_train_batch_size 0) failed: ");
        trainer.Model.Dispose();
    }

    [TestMethod]
    public void A_search_without_a_complete_trial_says_why()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => HyperparameterSearch.Run(
            Arguments(null), trial => Make(trial.Arguments), new() { Space = new SearchSpace().Categorical("weight_decay", -1.0), Trials = 2, Sampler = new RandomSearchSampler() }));
        StringAssert.StartsWith(error.Message, "The search has no complete trial: of 2, 2 failed and 0 were pruned. Trial 1 (run-0, weight_decay -1) failed: ");
        error = Assert.ThrowsExactly<InvalidOperationException>(() => HyperparameterSearch.Run(
            Arguments(null), trial => Make(trial.Arguments), new() { Space = _rates, Trials = 1, Objective = _ => double.NaN }));
        StringAssert.Contains(error.Message, "Its objective is not a number.");
    }

    [TestMethod]
    public void A_search_that_was_killed_goes_on()
    {
        using var whole = new TemporaryFolder();
        using var broken = new TemporaryFolder();
        var options = new HyperparameterSearchOptions { Space = new SearchSpace().LogUniform("learning_rate", 1e-4, 1e-1).Integer("seed", 1, 9), Trials = 5, Sampler = new TpeSearchSampler(3, startupTrials: 2) };
        var expected = HyperparameterSearch.Run(Arguments(whole.Path), trial => Make(trial.Arguments), options);

        // The third trial ends after its first evaluation, and the last line is written in part.
        using var end = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => HyperparameterSearch.Run(
            Arguments(broken.Path, end.Token), trial => Make(trial.Arguments, null, trial.Number == 2 ? new CancelAfter(end, step: 5) : null), options));
        var file = broken[StudyFile.Name];
        File.WriteAllText(file, File.ReadAllText(file) + "{\"trial\":2,\"st");
        File.WriteAllText(broken["run-2/left-over"], "");

        var trained = new List<int>();
        var found = HyperparameterSearch.Run(Arguments(broken.Path), trial =>
        {
            trained.Add(trial.Number);
            return Make(trial.Arguments);
        }, options);
        CollectionAssert.AreEqual(new[] { 2, 3, 4 }, trained);
        Assert.IsFalse(File.Exists(broken["run-2/left-over"]));
        CollectionAssert.AreEqual(expected.Study.Choices(), found.Study.Choices());
        CollectionAssert.AreEqual(expected.Study.Trials.Select(t => t.Objective).ToArray(), found.Study.Trials.Select(t => t.Objective).ToArray());
        Assert.AreEqual(expected.RunId, found.RunId);
        CollectionAssert.AreEqual(expected.Study.Trials[2].Reports.ToArray(), SearchStudy.Open(broken.Path, SearchDirection.Minimize).Trials[2].Reports.ToArray());

        trained.Clear();
        Assert.AreEqual(found.Objective, HyperparameterSearch.Run(Arguments(broken.Path), _ => throw new NotSupportedException(), options).Objective);
    }

    [TestMethod]
    public void A_hopeless_trial_ends_after_the_evaluation_that_shows_it()
    {
        var steps = new Dictionary<int, int>();
        var best = HyperparameterSearch.Run(
            Arguments(null), trial => Make(trial.Arguments, null, new NoteLastStep(step => steps[trial.Number] = step)),
            new() { Space = new SearchSpace().Categorical("learning_rate", 0.003, 1.0), Sampler = new GridSearchSampler(), Pruner = new MedianPruner(startupTrials: 1) });
        Assert.AreEqual("0", best.RunId);
        Assert.AreEqual(TrialStatus.Pruned, best.Study.Trials[1].Status);
        Assert.AreEqual(best.Study.Trials[1].Reports.Single().Objective, best.Study.Trials[1].Objective);
        Assert.AreEqual(8, steps[0]);
        Assert.AreEqual(4, steps[1]);
    }

    [TestMethod]
    public void Several_evaluation_sets_make_one_evaluation()
    {
        var args = Arguments(null);
        var best = HyperparameterSearch.Run(args, trial => new Trainer(() => TinyBert.Model(), trial.Arguments, TinyBert.Data(16), dataCollator: TinyBert.Collator)
        {
            EvalDatasets = new Dictionary<string, Dataset> { ["few"] = TinyBert.Data(3), ["more"] = TinyBert.Data(7) },
        }, new() { Space = _rates, Sampler = new GridSearchSampler(), Objective = metrics => metrics["eval_few_loss"] + metrics["eval_more_loss"] });
        Assert.HasCount(3, best.Study.Trials);
        Assert.IsTrue(best.Study.Trials.All(t => t.Status == TrialStatus.Complete && t.Reports.Count == 2));
    }

    [TestMethod]
    public void A_trial_has_all_parts_of_the_trainer()
    {
        var (seen, callback) = (new List<Trainer>(), new NoteLastStep(_ => { }));
        var args = new TrainingArguments { MaxSteps = 1, PredictionLossOnly = true };
        using var trainer = new Trainer(
            () => TinyBert.Model(), args, TinyBert.Data(8), TinyBert.Data(4), null, TinyBert.Collator, EvalMetrics.Accuracy, [callback, new NoteTrainer(seen)], new MessageLog())
        {
            EvalDatasets = new Dictionary<string, Dataset> { ["few"] = TinyBert.Data(3) },
            ComputeBatchMetrics = (_, _) => new Dictionary<string, double>(),
            PreprocessLogitsForMetrics = (logits, _) => logits,
            ComputeLossFunc = (output, _, _) => output.Logits.sum(),
        };
        trainer.HyperparameterSearch(_rates, metrics => metrics["eval_few_loss"], trials: 1);
        trainer.Model.Dispose();
        var trial = seen.Single(t => t != trainer);
        var changing = new[] { nameof(Trainer.Model), nameof(Trainer.Args), nameof(Trainer.State), nameof(Trainer.Control), nameof(Trainer.Optimizer), nameof(Trainer.LearningRateScheduler), nameof(Trainer.Optimizers), nameof(Trainer.Device), nameof(Trainer.Callbacks) };
        foreach (var part in typeof(Trainer).GetProperties().Where(p => !changing.Contains(p.Name) && p.Name != nameof(Trainer.Tokenizer)))
        {
            Assert.IsNotNull(part.GetValue(trainer), part.Name);
            Assert.AreSame(part.GetValue(trainer), part.GetValue(trial), part.Name);
        }
        CollectionAssert.AreEqual(trainer.Callbacks.Select(c => c.GetType()).Append(typeof(TrialCallback)).ToList(), trial.Callbacks.Select(c => c.GetType()).ToList());
        Assert.AreSame(callback, trial.Callbacks.OfType<NoteLastStep>().Single());
    }

    [TestMethod]
    public void What_a_search_needs_is_said_before_it_begins()
    {
        using var model = TinyBert.Model();
        using var given = new Trainer(model, Arguments(null), TinyBert.Data(8), TinyBert.Data(4), dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => given.HyperparameterSearch()).Message, "was given one model");
        using var derived = new Derived(() => model);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => derived.HyperparameterSearch()).Message, "a trainer of the class Derived");
        using var stuck = new Trainer(() => model, Arguments(null), TinyBert.Data(8), TinyBert.Data(4), dataCollator: TinyBert.Collator) { Optimizers = (new AdamW([]), null) };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => stuck.HyperparameterSearch()).Message, "was given the optimizer of one");
        stuck.Optimizers.Optimizer!.Dispose();
        using var blind = new Trainer(() => model, new TrainingArguments(), TinyBert.Data(8), dataCollator: TinyBert.Collator);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => blind.HyperparameterSearch()).Message, "no evaluation set");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => HyperparameterSearch.Run(new(), _ => blind, new() { Trials = 0 })).Message, "Trials is 0");
    }

    private static TrainingArguments Arguments(string? folder, CancellationToken end = default) => new()
    {
        OutputDir = folder, PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, EvalStrategy = IntervalStrategy.Epoch, SaveStrategy = SaveStrategy.Epoch, CancellationToken = end,
    };

    private static Trainer Make(TrainingArguments args, ILogger? log = null, ITrainerCallback? callback = null) => new(
        () => TinyBert.Model(), args, TinyBert.Data(16), TinyBert.Data(6), dataCollator: TinyBert.Collator, callbacks: callback is null ? [] : [callback], logger: log);

    private static double LossOf(double rate)
    {
        var args = Arguments(null);
        args.LearningRate = rate;
        using var trainer = Make(args);
        trainer.Train();
        trainer.Model.Dispose();
        return trainer.State.LogHistory.Last(record => record.ContainsKey("eval_loss"))["eval_loss"];
    }

    private sealed class CancelAfter(CancellationTokenSource end, int step) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context)
        {
            if (context.State.GlobalStep == step)
                end.Cancel();
        }
    }

    private sealed class NoteLastStep(Action<int> note) : ITrainerCallback
    {
        public void OnTrainEnd(CallbackContext context) => note(context.State.GlobalStep);
    }

    private sealed class NoteTrainer(List<Trainer> seen) : ITrainerCallback
    {
        public void OnInitEnd(CallbackContext context) => seen.Add(context.Trainer);
    }

    private sealed class Derived(Func<PretrainedModel> modelInit) : Trainer(modelInit, new TrainingArguments(), TinyBert.Data(8), TinyBert.Data(4), dataCollator: TinyBert.Collator);
}
