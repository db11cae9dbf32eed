namespace Microsoft.ML.HfTrainer;

public sealed partial class TrainingArguments
{
    /// <summary>Returns the settings that <see cref="Optimizers"/> creates an optimizer and its parameter groups from.</summary>
    public OptimizerSettings ToOptimizerSettings() => new()
    {
        Optim = Optim,
        OptimArgs = OptimArgs,
        LearningRate = LearningRate,
        WeightDecay = WeightDecay,
        AdamBeta1 = AdamBeta1,
        AdamBeta2 = AdamBeta2,
        AdamEpsilon = AdamEpsilon,
        ParameterGroups = ParameterGroups,
    };

    /// <summary>Returns the settings that <see cref="LearningRateSchedules.Create"/> creates a schedule from.</summary>
    /// <param name="totalSteps">The number of updates of the whole run.</param>
    public ScheduleSettings ToScheduleSettings(int totalSteps) => new()
    {
        LrSchedulerType = LrSchedulerType,
        LrSchedulerKwargs = LrSchedulerKwargs ?? [],
        LearningRate = LearningRate,
        WarmupSteps = ResolveWarmupSteps(totalSteps),
        TotalSteps = totalSteps,
    };
}
