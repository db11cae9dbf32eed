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
        Assert.AreEqual((3 * first * 10 + 0.5 * second * 2) / 2, WeightedCrossEntropy.Of([10, 2])(output, batch, null).item<float>(), 1e-5);
        Assert.AreEqual((3 * first + 0.5 * second) / 8, WeightedCrossEntropy.Of(null)(output, batch, 8).item<float>(), 1e-5);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => WeightedCrossEntropy.Of([1, 2, 3])(output, batch, null)).Message, "3 class weights and 2 classes");
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

    [TestMethod]
    public void Smoothing_without_meaning_is_refused_or_warned_of_by_name()
    {
        var models = Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "golden", "models");
        var numbers = Dataset.From(Enumerable.Range(0, 4).Select(i => new Example { ["input_ids"] = new[] { 5, 6, 7 }, ["label"] = i / 2f }));
        using var regression = AutoModelForSequenceClassification.FromPretrained(Path.Combine(models, "bert.sequence-classification.regression"));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Train(regression, numbers)).Message, "LabelSmoothingFactor is 0.1, and the model has one output");
        var several = Dataset.From(Enumerable.Range(0, 4).Select(_ => new Example { ["input_ids"] = new[] { 5, 6, 7 }, ["label"] = new[] { 1f, 0, 1 } }));
        using var multiLabel = AutoModelForSequenceClassification.FromPretrained(Path.Combine(models, "bert.sequence-classification.multi-label"));
        StringAssert.Contains(Train(multiLabel, several), "LabelSmoothingFactor is 0.1 and has no effect: the labels of multi_label_classification");
        var answers = Dataset.From(Enumerable.Range(0, 4).Select(_ => new Example { ["input_ids"] = new[] { 5, 6, 7 }, ["start_positions"] = 0, ["end_positions"] = 1 }));
        using var answering = AutoModelForQuestionAnswering.FromPretrained(Path.Combine(models, "bert.question-answering"));
        StringAssert.Contains(Train(answering, answers), "the labels of the model are 'start_positions' and 'end_positions'");

        static string Train(PretrainedModel model, Dataset data)
        {
            var log = new MessageLog();
            using var trainer = new Trainer(model, new() { MaxSteps = 1, LabelSmoothingFactor = 0.1 }, data, dataCollator: TinyBert.Collator, logger: log);
            trainer.Train();
            return string.Join('\n', log.Warnings);
        }
    }
}
