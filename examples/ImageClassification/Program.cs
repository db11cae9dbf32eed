using ImageClassification;
using Microsoft.ML.HfTrainer;

// 1. Data: generated drawings of four shapes.
var train = Dataset.From(Drawings.Make(1600, seed: 1));
var test = Dataset.From(Drawings.Make(400, seed: 2));
Console.WriteLine($"Data: {train.Count} drawings of {string.Join(", ", Drawings.Kinds)}, {Drawings.Size} x {Drawings.Size} pixels; {test.Count} more for the evaluation");

// 2. Training: arguments, callbacks and checkpoints work as with any other model.
var arguments = new TrainingArguments
{
    NumTrainEpochs = 3,
    PerDeviceTrainBatchSize = 32,
    PerDeviceEvalBatchSize = 100,
    LearningRate = 3e-3,
    WeightDecay = 0.01,
    WarmupSteps = 0.1,
    EvalStrategy = IntervalStrategy.Epoch,
    LoggingSteps = 50,
    DisableTqdm = false,
};
using var trainer = new Trainer(() => new ShapeNet(Drawings.Kinds.Count), arguments, train, test, computeMetrics: EvalMetrics.Accuracy);
trainer.Train();

// 3. Evaluation and prediction.
using var predictions = trainer.Predict(test);
Console.WriteLine();
Console.WriteLine(FormattableString.Invariant($"loss {predictions.Metrics["test_loss"]:F4}, accuracy {predictions.Metrics["test_accuracy"]:F4}"));

var drawing = Drawings.Make(1, seed: 3);
using var answer = trainer.Predict(Dataset.From(drawing));
Console.WriteLine();
Console.WriteLine(Drawings.ToText(drawing[0]));
using var best = answer.Predictions.argmax();
Console.WriteLine($"Prediction: {Drawings.Kinds[(int)best.item<long>()]}");
