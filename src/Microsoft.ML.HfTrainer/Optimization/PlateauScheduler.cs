using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Reduces the learning rate when the metric has stopped improving: <c>reduce_lr_on_plateau</c>.</summary>
public sealed class PlateauScheduler : MetricScheduler
{
    /// <summary>Creates the schedule. The learning rates stay as they are.</summary>
    /// <param name="optimizer">The optimizer whose learning rates the schedule sets.</param>
    /// <param name="options">
    /// The settings: <c>mode</c> (min), <c>factor</c> (0.1), <c>patience</c> (10), <c>threshold</c> (1e-4), <c>threshold_mode</c> (rel), <c>cooldown</c> (0),
    /// <c>min_lr</c> (0; one number, or one for each group), <c>eps</c> (1e-8).
    /// </param>
    /// <exception cref="ArgumentException">A setting is unknown or out of range.</exception>
    public PlateauScheduler(Optimizer optimizer, KeywordArguments? options = null) : this(optimizer, KeywordReader.OfSchedule(options, "reduce_lr_on_plateau"))
    {
    }

    private PlateauScheduler(Optimizer optimizer, KeywordReader options)
        : base(optimizer, options.Done(MetricSettings.Read(options, optimizer.Groups.Count, factor: 0.1, threshold: 1e-4, thresholdMode: "rel", minLr: 0)))
    {
    }

    /// <inheritdoc/>
    public override void Step(double metric)
    {
        LastStep++;
        var better = IsBetter(metric);
        if (better)
            Best = metric;
        BadSteps = better ? 0 : BadSteps + 1;
        if (Cooldown > 0)
        {
            Cooldown--;
            BadSteps = 0;
        }
        if (BadSteps <= Settings.Patience)
            return;
        Reduce();
        Cooldown = Settings.Cooldown;
        BadSteps = 0;
    }
}
