using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of schedules that compare the metric of each evaluation with the best one so far.</summary>
public abstract class MetricScheduler : LearningRateScheduler
{
    private protected MetricScheduler(Optimizer optimizer, MetricSettings settings) : base(optimizer)
    {
        Settings = settings;
        Best = Worst;
    }

    /// <inheritdoc/>
    public sealed override bool StepsByMetric => true;

    /// <summary>Gets the best metric so far; positive or negative infinity before the first evaluation.</summary>
    public double Best { get; private protected set; }

    private protected MetricSettings Settings { get; }

    private protected double Worst => Settings.Mode == "min" ? double.PositiveInfinity : double.NegativeInfinity;

    private protected int BadSteps { get; set; }

    private protected int Cooldown { get; set; }

    /// <inheritdoc/>
    public override JsonObject ExportState()
    {
        var state = base.ExportState();
        foreach (var (name, value) in Settings.Named())
            state[name] = value;
        state["best"] = ScheduleState.Of(Best);
        state["num_bad_epochs"] = BadSteps;
        state["cooldown_counter"] = Cooldown;
        return state;
    }

    /// <inheritdoc/>
    /// <remarks>The settings stay those that the schedule was created with.</remarks>
    public override void LoadState(JsonObject state)
    {
        var (best, bad, cooldown) = (state.Number("best"), state.Integer("num_bad_epochs"), state.Integer("cooldown_counter"));
        base.LoadState(state);
        (Best, BadSteps, Cooldown) = (best, bad, cooldown);
    }

    // NaN compares false: it never counts as better.
    private protected bool IsBetter(double metric)
    {
        var margin = Settings.Threshold;
        return (Settings.Mode, Settings.ThresholdMode) switch
        {
            ("min", "rel") => metric < Best * (1 - margin),
            ("min", _) => metric < Best - margin,
            (_, "rel") => metric > Best * (1 + margin),
            _ => metric > Best + margin,
        };
    }

    // A change of at most epsilon is not made.
    private protected void Reduce()
    {
        for (var i = 0; i < Optimizer.Groups.Count; i++)
        {
            var group = Optimizer.Groups[i];
            var rate = Math.Max(group.LearningRate * Settings.Factor, Settings.MinLr[i]);
            if (group.LearningRate - rate > Settings.Epsilon)
                group.LearningRate = rate;
        }
    }
}
