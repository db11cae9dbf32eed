using System.Diagnostics;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>How fast training goes, and how long it will take.</summary>
internal sealed class TrainingPace
{
    private long _runBegin;
    private long _updateBegin;
    private int _firstStep;
    private TimeSpan _elapsed;
    private long _examples;

    public void Begin(CallbackContext context) =>
        (_runBegin, _firstStep, _elapsed, _examples) = (Stopwatch.GetTimestamp(), context.State.GlobalStep, TimeSpan.Zero, 0);

    public void BeginUpdate() => _updateBegin = Stopwatch.GetTimestamp();

    public void EndUpdate(CallbackContext context)
    {
        _elapsed += Stopwatch.GetElapsedTime(_updateBegin);
        _examples += (long)(context.State.TrainBatchSize ?? context.Arguments.PerDeviceTrainBatchSize) * context.Arguments.GradientAccumulationSteps;
    }

    /// <summary>
    /// Examples a second since this was last asked, in updates alone: what is logged, evaluated and saved between them does not count. The last
    /// micro-batches of an epoch count as whole ones. Null where there were no updates.
    /// </summary>
    public double? TakeExamplesPerSecond()
    {
        double? speed = _examples > 0 && _elapsed > TimeSpan.Zero ? _examples / _elapsed.TotalSeconds : null;
        (_elapsed, _examples) = (TimeSpan.Zero, 0);
        return speed;
    }

    /// <summary>The time that is left if the run goes on as it has, evaluations and checkpoints included; null before the first update.</summary>
    public TimeSpan? TimeLeft(TrainerState state) => state.GlobalStep > _firstStep
        ? Stopwatch.GetElapsedTime(_runBegin) * ((state.MaxSteps - state.GlobalStep) / (double)(state.GlobalStep - _firstStep))
        : null;
}
