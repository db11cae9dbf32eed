using System.Reflection;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Micro-batches of one update against one batch of all their examples, for every golden model whose head there is.</summary>
[TestClass]
public class AccumulationTests
{
    private const int Examples = 32;

    public static IEnumerable<object[]> Models => GoldenFolder.Cases("models", ModelCase.File)
        .Select(folder => new ModelCase(folder)).Where(c => c is { Loss: not null, HeadName: not "seq2seq-lm" }).Select(c => new object[] { c.Folder });

    public static string RowName(MethodInfo method, object[] row) => Path.GetFileName((string)row[0]);

    [TestMethod]
    [DynamicData(nameof(Models), DynamicDataDisplayName = nameof(RowName))]
    public void Four_micro_batches_of_eight_equal_one_batch_of_32(string folder)
    {
        var golden = new ModelCase(folder);
        var (joint, accumulated) = (OneUpdate(golden, Examples, 1), OneUpdate(golden, Examples / 4, 4));
        Assert.AreEqual(joint.Loss, accumulated.Loss, 1e-5 * Math.Abs(joint.Loss));
        Assert.AreEqual(joint.Norm, accumulated.Norm, 1e-5 * joint.Norm);
    }

    private static (double Loss, double Norm) OneUpdate(ModelCase golden, int batchSize, int accumulation)
    {
        using var model = golden.Open(AttentionImplementation.Eager);
        var rows = golden.Examples();
        var data = Dataset.From(Enumerable.Range(0, Examples).Select(i => Uneven(rows[i * i % rows.Count], i)));
        var args = new TrainingArguments
        {
            PerDeviceTrainBatchSize = batchSize, GradientAccumulationSteps = accumulation, MaxSteps = 1, LoggingSteps = 1, LearningRate = 0,
            TrainSamplingStrategy = TrainSamplingStrategy.Sequential, UseCpu = true,
        };
        using var trainer = new Trainer(model, args, data, dataCollator: new DefaultDataCollator());
        trainer.Train();
        return (trainer.State.LogHistory[0]["loss"], trainer.State.LogHistory[0]["grad_norm"]);
    }

    // Whole-number labels of which more and more are left out from one micro-batch to the next.
    private static Example Uneven(Example example, int index) => new(example.Select(f =>
        f.Key != Batch.Labels || !f.Value.IsInteger || index % 8 >= index / 8 * 2
            ? f
            : KeyValuePair.Create(f.Key, f.Value.IsScalar ? (Feature)(-100) : Enumerable.Repeat(-100, f.Value.Length).ToArray())));
}
