using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Checkpoints;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Training.Callbacks;

namespace Microsoft.ML.HfTrainer.Tests.Training.Callbacks;

[TestClass]
public sealed class SignalCallbackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(SaveStrategy.Steps)]
    [DataRow(SaveStrategy.No)]
    [DataRow(SaveStrategy.Epoch)]
    [DataRow(SaveStrategy.Best)]
    public void A_token_cancelled_within_a_group_ends_the_run_after_its_update_with_a_checkpoint(SaveStrategy strategy)
    {
        var log = Train(a => (a.EnableJitCheckpoint, a.SaveStrategy) = (true, strategy));
        var checkpoints = Directory.GetDirectories(_folder.Path).Select(Path.GetFileName).ToList();
        CollectionAssert.Contains(checkpoints, "checkpoint-3");
        Assert.IsNull(CheckpointVerification.FindDamage(_folder["checkpoint-3"]));
        Assert.Contains(line => line.Contains("it stops after update 3, with a checkpoint."), log.Infos);
    }

    [TestMethod]
    public void Not_asked_to_a_cancelled_run_writes_no_checkpoint()
    {
        Train(a => a.SaveStrategy = SaveStrategy.Epoch);
        Assert.IsEmpty(Directory.GetDirectories(_folder.Path));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Windows)]
    public async Task A_closed_console_window_waits_for_the_checkpoint()
    {
        using var callback = new SignalCallback();
        var closed = Task.CompletedTask;
        var args = new TrainingArguments(_folder.Path) { MaxSteps = 8, PerDeviceTrainBatchSize = 2, UseCpu = true };
        using var model = TinyBert.Model();
        // The system calls on a thread of its own, and ends the process when the call returns.
        using var trainer = new Trainer(model, args, TinyBert.Data(24), dataCollator: TinyBert.Collator, callbacks: [callback, new Closer(() => closed = Task.Run(() =>
        {
            callback.Take(new PosixSignalContext(PosixSignal.SIGHUP));
            Assert.IsNull(CheckpointVerification.FindDamage(_folder["checkpoint-3"]));
        }))]);
        trainer.Train();
        await closed;
        Assert.AreEqual(3, trainer.State.GlobalStep);
    }

    private sealed class Closer(Action close) : ITrainerCallback
    {
        public void OnStepBegin(CallbackContext context)
        {
            if (context.State.GlobalStep == 2)
                close();
        }
    }

    private MessageLog Train(Action<TrainingArguments> set)
    {
        using var cancellation = new CancellationTokenSource();
        var args = new TrainingArguments(_folder.Path)
        {
            MaxSteps = 8, PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 2, LearningRate = 0, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 1,
            MetricForBestModel = "loss", CancellationToken = cancellation.Token, UseCpu = true,
        };
        set(args);
        var log = new MessageLog();
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, args, TinyBert.Data(24), TinyBert.Data(4), dataCollator: TinyBert.Collator, callbacks: [new Canceller(cancellation)], logger: log);
        Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Train());
        Assert.AreEqual(3, trainer.State.GlobalStep);
        return log;
    }

    // In the middle of the third group.
    private sealed class Canceller(CancellationTokenSource cancellation) : ITrainerCallback
    {
        public void OnSubstepEnd(CallbackContext context)
        {
            if (context.State.GlobalStep == 2)
                cancellation.Cancel();
        }
    }
}
