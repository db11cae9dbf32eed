using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>Feeds a <see cref="TrainingPace"/> from the state of a run.</summary>
internal static class PaceOfUpdates
{
    public static void Begin(this TrainingPace pace, CallbackContext context) => pace.Begin(context.State.GlobalStep);

    // The last micro-batches of an epoch count as full ones.
    public static void EndUpdate(this TrainingPace pace, CallbackContext context) =>
        pace.EndUpdate((long)(context.State.TrainBatchSize ?? context.Arguments.PerDeviceTrainBatchSize) * context.Arguments.GradientAccumulationSteps);
}
