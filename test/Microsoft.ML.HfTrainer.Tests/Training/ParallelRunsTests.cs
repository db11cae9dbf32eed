using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Estimators;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Runs at the same time, against the same runs one after the other.</summary>
[TestClass]
public class ParallelRunsTests
{
    private const int Runs = 4;

    [TestMethod]
    [DataRow(RandomStream.Fast, false)]
    [DataRow(RandomStream.Reference, false)]
    [DataRow(RandomStream.Reference, true, DisplayName = "noise, recomputation, an order of its own")]
    public void Trainers_give_what_they_give_alone(RandomStream stream, bool more)
    {
        float[] Run(int run)
        {
            using var model = TinyBert.Model(dropout: 0.1);
            var args = new TrainingArguments
            {
                Seed = 1 + run / 2, PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 2, NumTrainEpochs = 2, LearningRate = 0.01, RandomStream = stream,
                NeftuneNoiseAlpha = more ? 5 : null, GradientCheckpointing = more, TrainSamplingStrategy = more ? TrainSamplingStrategy.GroupByLength : TrainSamplingStrategy.Random,
                EvalStrategy = IntervalStrategy.Epoch,
            };
            using var trainer = new Trainer(model, args, TinyBert.Data(24), TinyBert.Data(5), dataCollator: TinyBert.Collator);
            trainer.Train();
            return Weights(model);
        }

        AssertAlike(Run);
    }

    [TestMethod]
    public void Models_that_trainers_create_are_those_they_create_alone() => AssertAlike(run =>
    {
        using var trainer = new Trainer(
            () => AutoModelForSequenceClassification.FromConfig(Config(), new() { NumLabels = 3 }), new TrainingArguments { Seed = run, PerDeviceTrainBatchSize = 4, MaxSteps = 3 },
            TinyBert.Data(24), dataCollator: TinyBert.Collator);
        trainer.Train();
        using var model = (PretrainedModel)trainer.Model;
        return Weights(model);
    });

    [TestMethod]
    public void Masked_tokens_are_those_of_a_run_alone()
    {
        using var folder = new TinyModel();
        var tokenizer = HfTokenizer.FromPretrained(folder.Folder);
        var data = Dataset.From(Review.Some(16).Select(row => new Example(tokenizer.Encode(row.Text!))));
        AssertAlike(run =>
        {
            using var model = AutoModelForMaskedLM.FromPretrained(Path.Combine(Golden.GoldenFolder.Repository, "test/Fixtures/golden/models/bert.masked-lm"));
            using var collator = new DataCollatorForLanguageModeling(tokenizer, mlmProbability: 0.4);
            var args = new TrainingArguments { Seed = run, PerDeviceTrainBatchSize = 4, NumTrainEpochs = 2, LearningRate = 0.01, DataloaderNumWorkers = run % 2 };
            using var trainer = new Trainer(model, args, data, dataCollator: collator);
            trainer.Train();
            return Weights(model);
        });
    }

    [TestMethod]
    public void Fits_give_what_they_give_alone()
    {
        // Three classes: the head of the files, of another size, is replaced by a new one.
        using var folder = new TinyModel();
        var rows = Review.Some(24);
        foreach (var (index, row) in rows.Index().Where(r => r.Index % 3 == 0))
            row.Label = "neither";
        AssertAlike(run =>
        {
            var ml = new MLContext(seed: 4);
            using var trained = (IDisposable)Classifiers.Pipeline(ml, folder, options => options.Arguments.NumTrainEpochs = 2).Fit(ml.Data.LoadFromEnumerable(rows));
            return [.. ((ITransformer)trained).Predict(ml, rows).SelectMany(v => v.Score)];
        });
    }

    [TestMethod]
    public void A_head_from_a_seed_is_the_same_twice_and_leaves_the_process_generator_alone()
    {
        using var kept = new GeneratorState();
        using var before = get_rng_state();
        float[] Head(int seed)
        {
            using var model = AutoModelForSequenceClassification.FromPretrained(Path.Combine(Golden.GoldenFolder.Repository, "test/Fixtures/golden/models/bert.base"), new() { NumLabels = 4, Seed = seed });
            return model.named_parameters().Single(p => p.name == "classifier.weight").parameter.data<float>().ToArray();
        }

        float[] Made(int seed)
        {
            using var model = AutoModelForSequenceClassification.FromConfig(Config(), new() { Seed = seed });
            return Weights(model);
        }

        CollectionAssert.AreEqual(Head(3), Head(3));
        CollectionAssert.AreNotEqual(Head(3), Head(4));
        CollectionAssert.AreEqual(Made(3), Made(3));
        CollectionAssert.AreNotEqual(Made(3), Made(4));
        using var after = get_rng_state();
        Assert.IsTrue(before.bytes.SequenceEqual(after.bytes));
    }

    [TestMethod]
    public void A_trainer_of_a_seeded_model_is_the_same_twice()
    {
        List<double> Losses()
        {
            using var model = AutoModelForSequenceClassification.FromPretrained(Path.Combine(Golden.GoldenFolder.Repository, "test/Fixtures/golden/models/bert.base"), new() { NumLabels = 3, Seed = 42 });
            using var trainer = new Trainer(model, new TrainingArguments { PerDeviceTrainBatchSize = 4, MaxSteps = 3, LoggingSteps = 1 }, TinyBert.Data(24), dataCollator: TinyBert.Collator);
            trainer.Train();
            return [.. trainer.State.LogHistory.Where(r => r.ContainsKey("loss")).Select(r => r["loss"])];
        }

        CollectionAssert.AreEqual(Losses(), Losses());
    }

    private static void AssertAlike(Func<int, float[]> run)
    {
        var alone = Enumerable.Range(0, Runs).Select(run).ToList();
        var start = new Barrier(Runs);
        var together = Enumerable.Range(0, Runs).Select(i => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return run(i);
        }, TaskCreationOptions.LongRunning)).ToList();
        for (var i = 0; i < Runs; i++)
            CollectionAssert.AreEqual(alone[i], together[i].GetAwaiter().GetResult(), $"run {i}");
    }

    private static float[] Weights(PretrainedModel model) => [.. TinyBert.Weights(model).OrderBy(w => w.Key).SelectMany(w => w.Value)];

    private static PretrainedConfig Config()
    {
        var config = PretrainedConfig.FromPretrained(TinyBert.Folder);
        config.Set("hidden_dropout_prob", JsonValue.Create(0.1));
        return config;
    }
}
