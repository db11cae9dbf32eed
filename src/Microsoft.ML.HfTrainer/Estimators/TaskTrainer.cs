namespace Microsoft.ML.HfTrainer.Estimators;

/// <summary>The trainer of an estimator whose options create the optimizer or the learning-rate schedule.</summary>
internal class TaskTrainer(TrainerParts parts, HfTrainerOptions options) : Trainer(parts)
{
    protected override Optimizer CreateOptimizer() => options.OptimizerFactory?.Invoke(this) ?? base.CreateOptimizer();

    protected override LearningRateScheduler CreateScheduler(Optimizer optimizer, int totalSteps) =>
        options.SchedulerFactory?.Invoke(optimizer, totalSteps) ?? base.CreateScheduler(optimizer, totalSteps);
}
