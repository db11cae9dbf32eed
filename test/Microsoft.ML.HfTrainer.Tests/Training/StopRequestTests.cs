using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Runs that are asked to end while they do something, with a checkpoint.</summary>
[TestClass]
public sealed class StopRequestTests : IDisposable
{
    private static readonly string[] _times = ["_runtime", "_per_second"];

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _cancellation = new();

    public void Dispose()
    {
        _cancellation.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Windows)]
    public async Task A_closed_console_window_waits_for_the_end_of_the_run()
    {
        var stop = new StopRequest(new TrainingArguments { EnableJitCheckpoint = true }, default);
        // The system calls on a thread of its own, and ends the process when the call returns.
        var closed = Task.Run(() => stop.Take(new PosixSignalContext(PosixSignal.SIGHUP)));
        Assert.IsTrue(stop.Token.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
        Assert.IsFalse(closed.IsCompleted);
        stop.Dispose();
        await closed;
    }

    [TestMethod]
    [DataRow(SaveStrategy.Steps)]
    [DataRow(SaveStrategy.No)]
    [DataRow(SaveStrategy.Epoch)]
    [DataRow(SaveStrategy.Best)]
    public void An_update_is_completed_and_saved_before_the_exception(SaveStrategy strategy)
    {
        using var run = new Run(Arguments(_folder.Path, strategy), new Asking(_cancellation, nameof(ITrainerCallback.OnSubstepEnd), 2));
        run.AssertStopped(_cancellation.Token, 3, _folder.Path);
    }

    [TestMethod]
    [DataRow(nameof(ITrainerCallback.OnPredictionStep), 3, IntervalStrategy.Steps, DisplayName = "an evaluation after an update")]
    [DataRow(nameof(ITrainerCallback.OnPredictionStep), 4, IntervalStrategy.Epoch, DisplayName = "an evaluation at the end of an epoch")]
    [DataRow(nameof(ITrainerCallback.OnPredictionStep), 8, IntervalStrategy.Steps, DisplayName = "the last evaluation")]
    [DataRow(nameof(ITrainerCallback.OnEvaluate), 3, IntervalStrategy.Steps, DisplayName = "after an evaluation")]
    [DataRow(nameof(ITrainerCallback.OnSave), 4, IntervalStrategy.Steps, DisplayName = "a save")]
    [DataRow(nameof(ITrainerCallback.OnStepEnd), 3, IntervalStrategy.Steps, DisplayName = "before an evaluation")]
    [DataRow(nameof(ITrainerCallback.OnLog), 2, IntervalStrategy.Steps, DisplayName = "a log record")]
    public void Resumed_the_run_ends_as_if_it_had_never_stopped(string during, int update, IntervalStrategy evaluations)
    {
        var whole = Ends(Arguments(_folder["whole"], SaveStrategy.Steps, evaluations), resume: false);
        using (var run = new Run(Arguments(_folder["out"], SaveStrategy.Steps, evaluations), new Asking(_cancellation, during, update)))
            run.AssertStopped(_cancellation.Token, update, _folder["out"]);
        var again = Ends(Arguments(_folder["out"], SaveStrategy.Steps, evaluations, token: false), resume: true);
        CollectionAssert.AreEqual(whole.Log, again.Log);
        foreach (var (name, values) in whole.Weights)
            Assert.IsTrue(values.AsSpan().SequenceEqual(again.Weights[name]), name);
    }

    [TestMethod]
    [DataRow(nameof(ITrainerCallback.OnStepEnd))]
    [DataRow(nameof(ITrainerCallback.OnPreOptimizerStep))]
    [DataRow(nameof(ITrainerCallback.OnOptimizerStep))]
    [DataRow(nameof(ITrainerCallback.OnPredictionStep))]
    public void A_callback_that_cancels_by_itself_ends_the_run_with_a_checkpoint(string hook)
    {
        var whole = Ends(Arguments(_folder["whole"], SaveStrategy.Steps), resume: false);
        var update = hook == nameof(ITrainerCallback.OnPreOptimizerStep) ? 2 : 3;
        using (var run = new Run(Arguments(_folder["out"], SaveStrategy.Steps), new Asking(null, hook, hook is nameof(ITrainerCallback.OnOptimizerStep) ? 2 : update)))
            run.AssertStopped(null, update, _folder["out"]);
        var again = Ends(Arguments(_folder["out"], SaveStrategy.Steps), resume: true);
        foreach (var (name, values) in whole.Weights)
            Assert.IsTrue(values.AsSpan().SequenceEqual(again.Weights[name]), name);
        CollectionAssert.AreEqual(whole.Log, again.Log);
    }

    [TestMethod]
    public void A_prediction_within_training_is_interrupted_too()
    {
        using var run = new Run(Arguments(_folder.Path, SaveStrategy.No, IntervalStrategy.No), new Predicting(_cancellation, 2));
        run.AssertStopped(_cancellation.Token, 2, _folder.Path);
    }

    [TestMethod]
    public void A_trial_of_a_search_is_saved()
    {
        using var trainer = new Trainer(
            () => TinyBert.Model(), Arguments(_folder.Path, SaveStrategy.No), TinyBert.Data(16), TinyBert.Data(4), dataCollator: TinyBert.Collator,
            callbacks: [new Asking(_cancellation, nameof(ITrainerCallback.OnPredictionStep), 3)]);
        var stopped = Assert.ThrowsExactly<OperationCanceledException>(() => trainer.HyperparameterSearch(new SearchSpace().Categorical("learning_rate", 0.01), trials: 1));
        var checkpoint = Path.Combine(_folder["run-0"], "checkpoint-3");
        StringAssert.Contains(stopped.Message, $"'{checkpoint}'");
        Assert.IsTrue(Directory.Exists(checkpoint));
        trainer.Model.Dispose();
    }

    [TestMethod]
    public void Without_a_folder_the_message_says_so()
    {
        using var run = new Run(Arguments(null, SaveStrategy.Steps), new Asking(_cancellation, nameof(ITrainerCallback.OnStepEnd), 2));
        StringAssert.Contains(Assert.ThrowsExactly<OperationCanceledException>(() => run.Trainer.Train()).Message, "after 2 of 8 updates. No checkpoint is written, since TrainingArguments.OutputDir is null.");
    }

    [TestMethod]
    public void Before_the_first_update_there_is_nothing_to_save()
    {
        var args = Arguments(_folder.Path, SaveStrategy.Steps);
        args.EvalOnStart = true;
        using var run = new Run(args, new Asking(_cancellation, nameof(ITrainerCallback.OnPredictionStep), 0));
        StringAssert.Contains(Assert.ThrowsExactly<OperationCanceledException>(() => run.Trainer.Train()).Message, "after 0 of 8 updates. There is nothing to save yet.");
    }

    [TestMethod]
    public void Not_asked_to_a_cancelled_run_writes_no_checkpoint()
    {
        var args = Arguments(_folder.Path, SaveStrategy.Epoch);
        args.EnableJitCheckpoint = false;
        using var run = new Run(args, new Asking(_cancellation, nameof(ITrainerCallback.OnSubstepEnd), 2));
        Assert.AreEqual(_cancellation.Token, Assert.ThrowsExactly<OperationCanceledException>(() => run.Trainer.Train()).CancellationToken);
        Assert.IsEmpty(Directory.GetDirectories(_folder.Path));
    }

    [TestMethod]
    public void A_run_that_is_complete_stays_as_it_is_when_it_is_resumed()
    {
        var whole = Ends(Arguments(_folder.Path, SaveStrategy.Steps), resume: false);
        var again = Ends(Arguments(_folder.Path, SaveStrategy.Steps), resume: true);
        foreach (var (name, values) in whole.Weights)
            Assert.IsTrue(values.AsSpan().SequenceEqual(again.Weights[name]), name);
        CollectionAssert.AreEqual(whole.Log, again.Log);
    }

    // Eight updates of two micro-batches, four an epoch; the last epoch is cut short.
    private TrainingArguments Arguments(string? output, SaveStrategy strategy, IntervalStrategy evaluations = IntervalStrategy.Steps, bool token = true) => new()
    {
        OutputDir = output, MaxSteps = 8, PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 2, LearningRate = 0.01, LoggingSteps = 2, EvalStrategy = evaluations, EvalSteps = 1,
        PerDeviceEvalBatchSize = 2, SaveStrategy = strategy, SaveSteps = 4, MetricForBestModel = evaluations == IntervalStrategy.No ? null : "loss", EnableJitCheckpoint = true,
        CancellationToken = token ? _cancellation.Token : default, UseCpu = true,
    };

    private static (Dictionary<string, float[]> Weights, List<string> Log) Ends(TrainingArguments args, bool resume)
    {
        using var run = new Run(args, null);
        run.Trainer.Train(resume);
        Assert.AreEqual(8, run.Trainer.State.GlobalStep);
        // The last record is of this call's speed and mean loss.
        var log = run.Trainer.State.LogHistory.SkipLast(1).Select(r => string.Join(' ', r.OrderBy(v => v.Key, StringComparer.Ordinal).Where(v => !_times.Any(v.Key.EndsWith)).Select(v => FormattableString.Invariant($"{v.Key}={v.Value:R}"))));
        return (TinyBert.Weights(run.Model), [.. log]);
    }

    private sealed class Run : IDisposable
    {
        public Run(TrainingArguments args, ITrainerCallback? callback)
        {
            Model = TinyBert.Model(dropout: 0.1);
            Trainer = new Trainer(Model, args, TinyBert.Data(15), TinyBert.Data(6), dataCollator: TinyBert.Collator, callbacks: callback is null ? [] : [callback]);
        }

        public PretrainedModel Model { get; }

        public Trainer Trainer { get; }

        public void AssertStopped(CancellationToken? token, int update, string folder)
        {
            var stopped = Assert.ThrowsExactly<OperationCanceledException>(() => Trainer.Train());
            var checkpoint = Path.Combine(folder, $"checkpoint-{update}");
            StringAssert.Contains(stopped.Message, $"ended training after {update} of 8 updates. The checkpoint is '{checkpoint}'");
            if (token is not null)
                Assert.AreEqual(token, stopped.CancellationToken);
            Assert.IsNull(CheckpointVerification.FindDamage(checkpoint));
            Assert.AreEqual(update, Trainer.State.GlobalStep);
        }

        public void Dispose()
        {
            Trainer.Dispose();
            Model.Dispose();
        }
    }

    // Cancels the token at a place of an update, or throws there where there is none.
    private sealed class Asking(CancellationTokenSource? cancellation, string hook, int update) : ITrainerCallback
    {
        public void OnSubstepEnd(CallbackContext context) => At(nameof(OnSubstepEnd), context);

        public void OnPreOptimizerStep(CallbackContext context) => At(nameof(OnPreOptimizerStep), context);

        public void OnOptimizerStep(CallbackContext context) => At(nameof(OnOptimizerStep), context);

        public void OnStepEnd(CallbackContext context) => At(nameof(OnStepEnd), context);

        public void OnPredictionStep(CallbackContext context) => At(nameof(OnPredictionStep), context);

        public void OnEvaluate(CallbackContext context, IReadOnlyDictionary<string, double> metrics) => At(nameof(OnEvaluate), context);

        public void OnLog(CallbackContext context, LogRecord logs)
        {
            if (logs.ContainsKey("loss"))
                At(nameof(OnLog), context);
        }

        public void OnSave(CallbackContext context) => At(nameof(OnSave), context);

        private void At(string place, CallbackContext context)
        {
            if (place != hook || context.State.GlobalStep != update)
                return;
            if (cancellation is null)
                throw new OperationCanceledException();
            cancellation.Cancel();
        }
    }

    private sealed class Predicting(CancellationTokenSource cancellation, int update) : ITrainerCallback
    {
        private bool _predicts;

        public void OnStepEnd(CallbackContext context)
        {
            if (context.State.GlobalStep != update)
                return;
            _predicts = true;
            context.Trainer.Predict(TinyBert.Data(6)).Dispose();
            Assert.Fail("the prediction went on");
        }

        public void OnPredictionStep(CallbackContext context)
        {
            if (_predicts)
                cancellation.Cancel();
        }
    }
}
