namespace Microsoft.ML.HfTrainer.Tests.Training.Callbacks;

[TestClass]
public sealed class PrinterCallbackTests
{
    [TestMethod]
    public void Each_record_is_a_line_and_those_of_training_say_how_fast_it_goes()
    {
        using var lines = new StringWriter();
        using var model = TinyBert.Model();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, NumTrainEpochs = 1, LoggingSteps = 1, EvalStrategy = IntervalStrategy.Epoch };
        using var trainer = new Trainer(model, args, TinyBert.Data(8), TinyBert.Data(5), dataCollator: TinyBert.Collator, callbacks: [new PrinterCallback(lines)]);
        trainer.Train();
        var printed = lines.ToString().Split(Environment.NewLine);
        Assert.HasCount(5, printed);
        StringAssert.Matches(printed[0], new(@"^step 1/2 \(\d+ samples/s, \d{2}:\d{2}:\d{2} left\): loss \S+, grad_norm \S+, learning_rate 5E-05, epoch 0\.5$"));
        StringAssert.Matches(printed[1], new(@"^step 2/2 \(\d+ samples/s, 00:00:00 left\): loss "));
        StringAssert.StartsWith(printed[2], "step 2/2: eval_loss ");
        StringAssert.StartsWith(printed[3], "step 2/2: train_runtime ");
        Assert.DoesNotContain("total_flos", printed[3]);
    }
}
