namespace Microsoft.ML.HfTrainer.Estimators.LanguageModels;

/// <summary>The trainer of encoder-decoders, whose evaluations generate texts and compare them with the targets.</summary>
internal sealed class Seq2SeqTaskTrainer(TrainerParts parts, HfTrainerOptions options) : Seq2SeqTrainer(parts)
{
    protected override Optimizer CreateOptimizer() => options.OptimizerFactory?.Invoke(this) ?? base.CreateOptimizer();

    protected override LearningRateScheduler CreateScheduler(Optimizer optimizer, int totalSteps) =>
        options.SchedulerFactory?.Invoke(optimizer, totalSteps) ?? base.CreateScheduler(optimizer, totalSteps);
}
