using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>Feeds a <see cref="TrainingPace"/> from the state of a run.</summary>
internal static class PaceOfUpdates
{
    public static void Begin(this TrainingPace pace, CallbackContext context) => pace.Begin(context.State.GlobalStep);

    public static void EndUpdate(this TrainingPace pace, CallbackContext context) => pace.EndUpdate(ExamplesPerUpdate(context));

    /// <summary>Returns the number of examples of an update. An update with smaller micro-batches, for lack of memory, has more of them.</summary>
    // The last micro-batches of an epoch count as full ones.
    public static long ExamplesPerUpdate(CallbackContext context) => (long)context.Arguments.PerDeviceTrainBatchSize * context.Arguments.GradientAccumulationSteps;
}
