using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>The overridable methods of <see cref="Trainer"/>, as the loops call them.</summary>
internal interface ITrainerHooks
{
    DataLoader GetTrainDataLoader();

    DataLoader GetEvalDataLoader(Dataset dataset);

    Optimizer CreateOptimizer();

    LearningRateScheduler CreateScheduler(Optimizer optimizer, int totalSteps);

    Tensor TrainingStep(Batch batch, int groupSize);

    ModelOutput PredictionStep(Batch batch);

    void Log(LogRecord logs, TimeSpan? elapsed);

    IReadOnlyDictionary<string, double> Evaluate();
}
