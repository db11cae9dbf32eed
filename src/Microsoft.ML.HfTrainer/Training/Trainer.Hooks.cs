using Microsoft.ML.HfTrainer.Optimization;
using Microsoft.ML.HfTrainer.Training;
using static TorchSharp.torch;
using OptimizerRegistry = Microsoft.ML.HfTrainer.Optimizers;

namespace Microsoft.ML.HfTrainer;

// What a derived class overrides.
public partial class Trainer : ITrainerHooks
{
    /// <summary>
    /// Gets how an overridden <see cref="ComputeLoss"/> averages: true if over the whole update, false if over its micro-batch. If null, the loss is taken to be averaged
    /// as the model averages it. Default: null.
    /// </summary>
    protected virtual bool? LossIsScaled => null;

    /// <summary>Returns the order of the training examples of each epoch; null for the order of the dataset, the only one that a stream has.</summary>
    protected virtual Sampler? GetTrainSampler(Dataset dataset) => TrainSampling.Create(dataset, Args, TrainBatchSize, _context.Communicator);

    /// <summary>Creates the loader of the training batches.</summary>
    protected virtual DataLoader GetTrainDataLoader() => TrainDataset is { } dataset
        ? _context.Load(dataset, GetTrainSampler(dataset), TrainBatchSize)
        : throw new InvalidOperationException("Training needs a trainDataset, and this trainer was made without one.");

    /// <summary>Returns the order in which examples are evaluated and predicted, in which predictions are returned too; null for the order of the dataset.</summary>
    protected virtual Sampler? GetEvalSampler(Dataset dataset) => null;

    /// <summary>Creates the loader of the batches to evaluate or predict.</summary>
    protected virtual DataLoader GetEvalDataLoader(Dataset dataset) => _context.Load(dataset, GetEvalSampler(dataset), Args.PerDeviceEvalBatchSize, evaluates: true);

    /// <summary>Creates the optimizer of a run.</summary>
    protected virtual Optimizer CreateOptimizer() => OptimizerRegistry.Get(Args.Optim)(Args.ToOptimizerSettings(), DecayGroups.Split(Model, Args.ToOptimizerSettings()));

    /// <summary>Creates the learning-rate schedule of a run.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="totalSteps">The number of updates of the run.</param>
    protected virtual LearningRateScheduler CreateScheduler(Optimizer optimizer, int totalSteps) => LearningRateSchedules.Create(optimizer, Args.ToScheduleSettings(totalSteps));

    /// <summary>Runs the forward and backward pass of a micro-batch.</summary>
    /// <param name="batch">The micro-batch, on the device.</param>
    /// <param name="groupSize">The number of micro-batches of the update.</param>
    /// <returns>
    /// What the micro-batch adds to the loss of the update: a scalar on the device, which the loop disposes. It should not be read here, since that makes the device wait.
    /// </returns>
    protected virtual Tensor TrainingStep(Batch batch, int groupSize)
    {
        using var scope = NewDisposeScope();
        var (loss, output) = ComputeLoss(batch);
        var contribution = _context.Loss.Contribution(loss, output, batch, groupSize, LossIsScaled);
        _context.Mode.Backward(contribution);
        return contribution.detach().MoveToOuterDisposeScope();
    }

    /// <summary>Computes the loss of a batch.</summary>
    /// <remarks>An override that does not average over the labels of its batch, as the model does, overrides <see cref="LossIsScaled"/> too.</remarks>
    /// <returns>The loss, a scalar, and the output of the model.</returns>
    protected virtual (Tensor Loss, ModelOutput Output) ComputeLoss(Batch batch) => _context.Loss.Compute(Model, batch);

    /// <summary>Computes the output of the model for a batch, without gradients; its loss is set if the batch has all labels.</summary>
    protected virtual ModelOutput PredictionStep(Batch batch)
    {
        if (_context.Loss.LabelNames is not { Count: > 0 } labels || !labels.All(batch.ContainsKey))
            return Model.call(batch).WithLoss(null);
        var (loss, output) = ComputeLoss(batch);
        return output.WithLoss(loss);
    }

    /// <summary>Adds a record to the log.</summary>
    /// <param name="logs">The values by name.</param>
    /// <param name="elapsed">The time since training began, to compute the speed in tokens; null if the record is not about the progress of training.</param>
    protected virtual void Log(LogRecord logs, TimeSpan? elapsed = null) => _context.Log(logs, elapsed);

    // The loops call the overrides through their interface.
    DataLoader ITrainerHooks.GetTrainDataLoader() => GetTrainDataLoader();
    DataLoader ITrainerHooks.GetEvalDataLoader(Dataset dataset) => GetEvalDataLoader(dataset);
    Optimizer ITrainerHooks.CreateOptimizer() => CreateOptimizer();
    LearningRateScheduler ITrainerHooks.CreateScheduler(Optimizer optimizer, int totalSteps) => CreateScheduler(optimizer, totalSteps);
    Tensor ITrainerHooks.TrainingStep(Batch batch, int groupSize) => TrainingStep(batch, groupSize);
    ModelOutput ITrainerHooks.PredictionStep(Batch batch) => PredictionStep(batch);
    void ITrainerHooks.Log(LogRecord logs, TimeSpan? elapsed) => Log(logs, elapsed);
    IReadOnlyDictionary<string, double> ITrainerHooks.Evaluate() => Evaluate();
}
