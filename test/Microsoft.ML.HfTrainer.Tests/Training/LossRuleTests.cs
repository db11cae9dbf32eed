using Microsoft.ML.HfTrainer.Tests.Golden;
using Microsoft.ML.HfTrainer.Training;
using Microsoft.ML.HfTrainer.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

[TestClass]
public class LossRuleTests
{
    // Every second label is left out, so that micro-batches have different numbers of labels, one of them none at all.
    private static Dataset Uneven => Dataset.From(TinyBert.Data(12).Select((e, i) => i is 4 or 5 or 6 or 7 or 9 ? TinyBert.Unlabelled(e) : e));

    [TestMethod]
    [DataRow(0.0, DisplayName = "the model's loss")]
    [DataRow(0.2, DisplayName = "smoothed labels")]
    public void Accumulating_uneven_micro_batches_equals_one_batch(double smoothing)
    {
        var (joint, accumulated) = (OneUpdate(12, 1, smoothing), OneUpdate(4, 3, smoothing));
        Assert.AreEqual(joint.Loss, accumulated.Loss, 1e-5 * joint.Loss);
        Assert.AreEqual(joint.Norm, accumulated.Norm, 1e-5 * joint.Norm);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(2f)]
    public void A_micro_batch_without_labels_runs_backward_and_adds_nothing(float itsLoss)
    {
        using var scope = NewDisposeScope();
        using var model = TinyBert.Model();
        var weight = tensor([2f, -3f], requires_grad: true);
        var output = new ModelOutput { Logits = weight * 5 };
        using var batch = new Batch { Size = 2, LabelCount = 7 };
        var contribution = new LossRule(new TrainingArguments(), model, null).Contribution(weight.sum() * itsLoss, output, batch, 2, null);
        contribution.backward();
        Assert.AreEqual(0f, contribution.item<float>());
        CollectionAssert.AreEqual(new[] { 0f, 0f }, weight.grad!.data<float>().ToArray());
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.2)]
    public void An_update_without_labels_has_no_loss_and_leaves_the_weights_alone(double smoothing)
    {
        using var model = TinyBert.Model();
        var before = TinyBert.Weights(model);
        var (log, args) = (new MessageLog(), Update(2, 3, smoothing));
        args.LoggingNanInfFilter = false;
        using var trainer = new Trainer(model, args, Dataset.From(TinyBert.Data(6).Select(TinyBert.Unlabelled)), dataCollator: TinyBert.Collator, logger: log);
        trainer.Train();
        Assert.AreEqual(0, trainer.State.LogHistory[0]["loss"]);
        Assert.IsEmpty(log.Warnings.Where(warning => warning.Contains("The loss of update", StringComparison.Ordinal)));
        foreach (var (name, values) in TinyBert.Weights(model))
            CollectionAssert.AreEqual(before[name], values, name);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.2)]
    public void An_answer_is_one_label_however_the_update_is_cut(double smoothing)
    {
        var folder = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models", "bert.question-answering");
        var random = new Random(4);
        var data = Dataset.From(Enumerable.Range(0, 5).Select(i => new Example
        {
            ["input_ids"] = Enumerable.Range(0, 9).Select(_ => random.Next(5, 100)).ToArray(),
            ["start_positions"] = i,
            ["end_positions"] = i + 3,
        }));
        var (joint, cut) = (Norm(5, 1), Norm(2, 3));
        Assert.AreEqual(joint, cut, 1e-5 * joint);

        double Norm(int batchSize, int accumulation)
        {
            using var model = AutoModelForQuestionAnswering.FromPretrained(folder);
            using var trainer = new Trainer(model, Update(batchSize, accumulation, smoothing), data, dataCollator: TinyBert.Collator);
            trainer.Train();
            return trainer.State.LogHistory[0]["grad_norm"];
        }
    }

    [TestMethod]
    [DataRow(LossNormalization.Update)]
    [DataRow(LossNormalization.Original)]
    public void A_loss_function_for_labels_of_other_names_is_called_and_scaled_as_it_says(LossNormalization normalization)
    {
        var folder = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models", "bert.question-answering");
        var random = new Random(4);
        var data = Dataset.From(Enumerable.Range(0, 6).Select(i => new Example
        {
            ["input_ids"] = Enumerable.Range(0, 9).Select(_ => random.Next(5, 100)).ToArray(),
            ["start_positions"] = i,
            ["end_positions"] = i + 3,
        }));
        var joint = Norm(6, 1);
        Assert.AreEqual(1, joint.Calls);
        // The Hugging Face Trainer counts no such labels, and does not divide the means that the function then returns.
        if (normalization == LossNormalization.Original)
            return;
        var cut = Norm(2, 3);
        Assert.AreEqual(3, cut.Calls);
        Assert.AreEqual(joint.Norm, cut.Norm, 1e-5 * joint.Norm);
        Assert.AreEqual(joint.Norm, Norm(4, 2).Norm, 1e-5 * joint.Norm, "micro-batches of 4 and 2");

        (double Norm, int Calls) Norm(int batchSize, int accumulation)
        {
            var calls = 0;
            using var model = AutoModelForQuestionAnswering.FromPretrained(folder);
            var args = Update(batchSize, accumulation, 0);
            args.LossNormalization = normalization;
            using var trainer = new Trainer(model, args, data, data, dataCollator: TinyBert.Collator)
            {
                ComputeLossFunc = (output, batch, count) =>
                {
                    calls++;
                    Assert.IsNull(output.Loss);
                    using var scope = NewDisposeScope();
                    var losses = nn.functional.cross_entropy(output.StartLogits!, batch.Get("start_positions"), reduction: nn.Reduction.Sum)
                        + 2 * nn.functional.cross_entropy(output.EndLogits!, batch.Get("end_positions"), reduction: nn.Reduction.Sum);
                    return (losses / (count ?? batch.Size)).MoveToOuterDisposeScope();
                },
            };
            trainer.Train();
            var training = calls;
            Assert.AreEqual(trainer.State.LogHistory[0]["loss"], trainer.Evaluate()["eval_loss"], 0.1);
            Assert.IsGreaterThan(training, calls);
            return (trainer.State.LogHistory[0]["grad_norm"], training);
        }
    }

    [TestMethod]
    public void A_loss_function_that_gets_no_label_count_returns_a_mean()
    {
        // What an overridden TrainingStep passes on, and what labels that are all left out give.
        using var scope = NewDisposeScope();
        using var model = TinyBert.Model();
        LossFunction given = (output, _, _) => output.Logits.mean();
        using var batch = new Batch { Size = 2 };
        var output = new ModelOutput { Logits = tensor([2f, 4f]) };
        Assert.AreEqual(1f, new LossRule(new TrainingArguments(), model, given).Contribution(tensor(3f), output, batch, 3, null).item<float>());
        batch.LabelCount = 7;
        Assert.AreEqual(3f, new LossRule(new TrainingArguments(), model, given).Contribution(tensor(3f), output, new Batch { Size = 2, LabelCount = 7, OwnLabelCount = 2 }, 3, null).item<float>());
    }

    [TestMethod]
    [DataRow("bert.sequence-classification.multi-label", "several labels")]
    [DataRow("bert.sequence-classification.regression", "numbers, not classes")]
    [DataRow("bert.question-answering", "'start_positions' and 'end_positions'")]
    public void Label_smoothing_without_meaning_is_warned_of_by_name(string name, string why)
    {
        var golden = new ModelCase(Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models", name));
        var (log, losses) = (new MessageLog(), new List<double>());
        foreach (var smoothing in new[] { 0, 0.1 })
        {
            using var model = golden.Open(AttentionImplementation.Eager);
            using var trainer = new Trainer(model, Update(2, 1, smoothing), Dataset.From(golden.Examples()), dataCollator: new DefaultDataCollator(), logger: log);
            trainer.Train();
            losses.Add(trainer.State.LogHistory[0]["loss"]);
        }
        StringAssert.Contains(log.Warnings.Single(w => w.Contains("LabelSmoothingFactor", StringComparison.Ordinal)), why);
        Assert.AreEqual(losses[0], losses[1], 1e-6);
    }

    [TestMethod]
    public void Label_smoothing_over_what_proves_to_be_no_class_is_refused()
    {
        using var scope = NewDisposeScope();
        using var rows = new Batch { [Batch.Labels] = ones(2, 3).DetachFromDisposeScope() };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LabelSmoothing.Of(0.1)(new ModelOutput { Logits = ones(2, 3) }, rows, null)).Message, "LabelSmoothingFactor is 0.1");
        using var one = new Batch { [Batch.Labels] = zeros(2, ScalarType.Int64).DetachFromDisposeScope() };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LabelSmoothing.Of(0.1)(new ModelOutput { Logits = ones(2, 1) }, one, null)).Message, "1 outputs");
    }

    [TestMethod]
    public void Smoothed_labels_give_the_loss_of_their_definition()
    {
        using var scope = NewDisposeScope();
        using var batch = new Batch { [Batch.Labels] = tensor(new long[] { 2, -100, 0 }).DetachFromDisposeScope() };
        var logits = tensor(new float[] { 1, -2, 0.5f, 3, 3, 3, 0, 0.25f, -1 }).view(3, 3);
        var loss = LabelSmoothing.Of(0.1)(new ModelOutput { Logits = logits }, batch, labelCount: null).item<float>();
        double[][] rows = [[1, -2, 0.5], [0, 0.25, -1]];
        var surprise = rows.Select(row => row.Select(v => Math.Log(row.Sum(Math.Exp)) - v).ToArray()).ToList();
        Assert.AreEqual(0.9 * (surprise[0][2] + surprise[1][0]) / 2 + 0.1 * surprise.Sum(r => r.Sum()) / 6, loss, 1e-6);
        Assert.AreEqual(loss * 2 / 5, LabelSmoothing.Of(0.1)(new ModelOutput { Logits = logits }, batch, labelCount: 5).item<float>(), 1e-6);
    }

    [TestMethod]
    public void Weights_of_classes_and_examples_multiply_losses()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 1, -2, 0, 0.25f }).view(2, 2);
        using var batch = new Batch { [Batch.Labels] = tensor(new long[] { 0, 1 }).DetachFromDisposeScope(), [Batch.ExampleWeights] = tensor(new float[] { 3, 0.5f }).DetachFromDisposeScope() };
        var output = new ModelOutput { Logits = logits };
        var (first, second) = (Math.Log(1 + Math.Exp(-3)), Math.Log(1 + Math.Exp(-0.25)));
        Assert.AreEqual((3 * first * 10 + 0.5 * second * 2) / 2, WeightedLoss.CrossEntropy([10, 2])(output, batch, null).item<float>(), 1e-5);
        Assert.AreEqual((3 * first + 0.5 * second) / 8, WeightedLoss.CrossEntropy(null)(output, batch, 8).item<float>(), 1e-5);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => WeightedLoss.CrossEntropy([1, 2, 3])(output, batch, null)).Message, "3 class weights and 2 classes");
        using var wrong = new Batch { [Batch.Labels] = tensor(new long[] { 0, 2 }).DetachFromDisposeScope() };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => WeightedLoss.CrossEntropy([10, 2])(output, wrong, null)).Message, "Example 1 of the batch has 2 in 'labels'");
    }

    [TestMethod]
    public void A_loss_function_of_ones_own_gets_the_labels_that_the_model_does_not()
    {
        using var model = TinyBert.Model();
        var seen = new List<(bool ModelHadLoss, long? Count)>();
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 2, MaxSteps = 1, LoggingSteps = 1 };
        using var trainer = new Trainer(model, args, TinyBert.Data(8), dataCollator: TinyBert.Collator)
        {
            ComputeLossFunc = (output, batch, count) =>
            {
                seen.Add((output.Loss is not null, count));
                return nn.functional.cross_entropy(output.Logits, batch.Get(Batch.Labels), reduction: nn.Reduction.Sum) / count!.Value;
            },
        };
        trainer.Train();
        CollectionAssert.AreEqual(new[] { (false, (long?)8), (false, 8) }, seen);
        using var same = TinyBert.Model();
        using var usual = new Trainer(same, args, TinyBert.Data(8), dataCollator: TinyBert.Collator);
        usual.Train();
        Assert.AreEqual(usual.State.LogHistory[0]["loss"], trainer.State.LogHistory[0]["loss"], 1e-5);
    }

    [TestMethod]
    [DataRow(InputTokensSeen.All)]
    [DataRow(InputTokensSeen.NonPadding)]
    public void Tokens_are_counted_with_or_without_padding(InputTokensSeen counted)
    {
        using var model = TinyBert.Model();
        var data = TinyBert.Data(8);
        var args = new TrainingArguments { PerDeviceTrainBatchSize = 8, MaxSteps = 2, LoggingSteps = 1, IncludeNumInputTokensSeen = counted };
        using var trainer = new Trainer(model, args, data, dataCollator: TinyBert.Collator);
        trainer.Train();
        var tokens = counted == InputTokensSeen.All ? 8 * data.Max(e => e["input_ids"].Length) : data.Sum(e => e["input_ids"].Length);
        CollectionAssert.AreEqual(new double[] { tokens, 2 * tokens }, trainer.State.LogHistory.Take(2).Select(r => r["num_input_tokens_seen"]).ToArray());
        Assert.IsGreaterThan(0, trainer.State.LogHistory[0]["train_tokens_per_second"]);
        Assert.DoesNotContain("train_tokens_per_second", trainer.State.LogHistory[^1].Keys);
    }

    private static (double Loss, double Norm) OneUpdate(int batchSize, int accumulation, double smoothing)
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(model, Update(batchSize, accumulation, smoothing), Uneven, dataCollator: TinyBert.Collator);
        trainer.Train();
        return (trainer.State.LogHistory[0]["loss"], trainer.State.LogHistory[0]["grad_norm"]);
    }

    private static TrainingArguments Update(int batchSize, int accumulation, double smoothing) => new()
    {
        PerDeviceTrainBatchSize = batchSize, GradientAccumulationSteps = accumulation, MaxSteps = 1, LoggingSteps = 1, LabelSmoothingFactor = smoothing,
        TrainSamplingStrategy = TrainSamplingStrategy.Sequential,
    };
}
