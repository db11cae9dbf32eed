namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class TrainAsyncTests
{
    [TestMethod]
    public async Task It_trains_as_Train_does()
    {
        using var model = TinyBert.Model();
        using var same = TinyBert.Model();
        using var trainer = Make(model, Arguments());
        using var other = Make(same, Arguments());
        var output = await trainer.TrainAsync();
        Assert.AreEqual(other.Train().TrainingLoss, output.TrainingLoss);
        Assert.AreEqual(6, output.GlobalStep);
    }

    [TestMethod]
    [DataRow(true, DisplayName = "the argument's token")]
    [DataRow(false, DisplayName = "the method's token")]
    public async Task Either_token_ends_it_after_the_current_update(bool ofArguments)
    {
        using var cancellation = new CancellationTokenSource();
        using var model = TinyBert.Model();
        var args = Arguments();
        if (ofArguments)
            args.CancellationToken = cancellation.Token;
        using var trainer = Make(model, args, new AfterUpdate(2, cancellation.Cancel));
        var training = trainer.TrainAsync(cancellationToken: ofArguments ? default : cancellation.Token);
        await Assert.ThrowsAsync<OperationCanceledException>(() => training);
        Assert.IsTrue(training.IsCanceled);
        Assert.AreEqual(2, trainer.State.GlobalStep);
    }

    [TestMethod]
    public async Task A_run_that_saves_when_it_is_interrupted_saves_for_the_methods_token()
    {
        using var cancellation = new CancellationTokenSource();
        using var folder = new Formats.TemporaryFolder();
        using var model = TinyBert.Model();
        var args = Arguments();
        (args.OutputDir, args.SaveStrategy, args.EnableJitCheckpoint) = (folder["out"], SaveStrategy.Epoch, true);
        using var trainer = Make(model, args, new BeforeUpdate(2, cancellation.Cancel));
        await Assert.ThrowsAsync<OperationCanceledException>(() => trainer.TrainAsync(cancellationToken: cancellation.Token));
        Assert.IsTrue(Directory.Exists(Path.Combine(folder["out"], "checkpoint-2")));
    }

    private static TrainingArguments Arguments() => new() { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1, LearningRate = 0.01 };

    private static Trainer Make(PretrainedModel model, TrainingArguments args, params ITrainerCallback[] callbacks) =>
        new(model, args, TinyBert.Data(24), dataCollator: TinyBert.Collator, callbacks: callbacks);

    private sealed class AfterUpdate(int update, Action action) : ITrainerCallback
    {
        public void OnStepEnd(CallbackContext context)
        {
            if (context.State.GlobalStep == update)
                action();
        }
    }

    private sealed class BeforeUpdate(int update, Action action) : ITrainerCallback
    {
        public void OnStepBegin(CallbackContext context)
        {
            if (context.State.GlobalStep == update - 1)
                action();
        }
    }
}
