namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>Measures the speed of training and estimates the remaining time.</summary>
/// <param name="clock">The clock; null for that of the system.</param>
internal sealed class TrainingPace(TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long _runBegin;
    private long _updateBegin;
    private int _firstStep;
    private TimeSpan _elapsed;
    private long _examples;

    /// <summary>Starts measuring a run.</summary>
    /// <param name="step">The number of updates made before.</param>
    public void Begin(int step) => (_runBegin, _firstStep, _elapsed, _examples) = (_clock.GetTimestamp(), step, TimeSpan.Zero, 0);

    public void BeginUpdate() => _updateBegin = _clock.GetTimestamp();

    /// <summary>Adds an update.</summary>
    /// <param name="examples">The number of examples of the update.</param>
    public void EndUpdate(long examples)
    {
        _elapsed += _clock.GetElapsedTime(_updateBegin);
        _examples += examples;
    }

    /// <summary>
    /// Returns the number of examples per second since the last call; null if there were no updates. Only the time within updates counts, not that of logging,
    /// evaluation and saving between them.
    /// </summary>
    public double? TakeExamplesPerSecond()
    {
        double? speed = _examples > 0 && _elapsed > TimeSpan.Zero ? _examples / _elapsed.TotalSeconds : null;
        (_elapsed, _examples) = (TimeSpan.Zero, 0);
        return speed;
    }

    /// <summary>Returns the remaining time if the run continues at its average speed, evaluations and checkpoints included; null before the first update.</summary>
    /// <param name="step">The number of updates made so far.</param>
    /// <param name="maxSteps">The number of updates of the whole run.</param>
    public TimeSpan? TimeLeft(int step, int maxSteps) =>
        step > _firstStep ? _clock.GetElapsedTime(_runBegin) * ((maxSteps - step) / (double)(step - _firstStep)) : null;
}
