using Microsoft.ML.HfTrainer.Tests.Distributed;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Training;

/// <summary>Several processes train like one that has the batches of all.</summary>
[TestClass]
public class DataParallelTests
{
    private const int Examples = 24, Evaluated = 13;

    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(3, 2)]
    public void The_weights_and_losses_are_those_of_one_process(int processes, int accumulation)
    {
        var alone = Train(4 * processes, accumulation);
        var (ranks, differences) = (TcpRanks.Run(processes, _ => Train(4, accumulation)), new Differences());
        foreach (var rank in ranks)
        {
            differences.Number("training loss", alone.Loss, rank.Loss, 1e-5);
            differences.Number("evaluation loss", alone.EvalLoss, rank.EvalLoss, 1e-5);
            foreach (var (name, weights) in alone.Weights)
                differences.Tensor(name, weights, rank.Weights[name], 1e-5);
        }
        differences.AssertNone();
    }

    [TestMethod]
    public void Processes_that_differ_are_refused()
    {
        var ranks = TcpRanks.Start(2, communicator => Train(4, 1, learningRate: 0.01 * (1 + communicator.Rank)).Loss);
        foreach (var rank in ranks)
            Assert.Contains("rank 1 has TrainingArguments.LearningRate 0.02, and rank 0 has TrainingArguments.LearningRate 0.01", rank.Exception!.InnerException!.Message);
    }

    [TestMethod]
    public void Each_process_would_find_another_batch_size()
    {
        foreach (var rank in TcpRanks.Start(2, _ => Train(4, 1, findsBatchSize: true).Loss))
            Assert.Contains("TrainingArguments.AutoFindBatchSize is true, but 2 processes train together", rank.Exception!.InnerException!.Message);
    }

    private static (double Loss, double EvalLoss, Dictionary<string, GoldenTensor> Weights) Train(int batchSize, int accumulation, double learningRate = 0.01, bool findsBatchSize = false)
    {
        using var model = TinyBert.Model();
        using var trainer = new Trainer(
            model,
            new TrainingArguments
            {
                PerDeviceTrainBatchSize = batchSize, PerDeviceEvalBatchSize = 4, GradientAccumulationSteps = accumulation, NumTrainEpochs = 2, LearningRate = learningRate, Optim = "sgd",
                AutoFindBatchSize = findsBatchSize, DisableTqdm = true, UseCpu = true, SaveStrategy = SaveStrategy.No,
            },
            TinyBert.Data(Examples), TinyBert.Data(Evaluated), dataCollator: TinyBert.Collator);
        var loss = trainer.Train().TrainingLoss;
        return (loss, trainer.Evaluate()["eval_loss"], model.named_parameters().ToDictionary(p => p.name, p => GoldenTensor.Of(p.parameter)));
    }
}
