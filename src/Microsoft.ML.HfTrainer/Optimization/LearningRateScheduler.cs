using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>The base class of schedules, which set the learning rates of an optimizer: after each update, or by a metric after each evaluation.</summary>
/// <param name="optimizer">The optimizer whose learning rates the schedule sets.</param>
public abstract class LearningRateScheduler(Optimizer optimizer)
{
    /// <summary>Gets the optimizer whose learning rates the schedule sets.</summary>
    public Optimizer Optimizer { get; } = optimizer;

    /// <summary>Gets the number of steps so far: updates, or evaluations if <see cref="StepsByMetric"/> is true.</summary>
    public int LastStep { get; protected set; }

    /// <summary>Indicates whether the schedule steps after each evaluation, by the metric that selects the best model, instead of after each update.</summary>
    public virtual bool StepsByMetric => false;

    /// <summary>Sets the learning rates of the next update.</summary>
    /// <exception cref="InvalidOperationException"><see cref="StepsByMetric"/> is true.</exception>
    public virtual void Step() => throw new InvalidOperationException($"{GetType().Name} steps by a metric.");

    /// <summary>Sets the learning rates after an evaluation.</summary>
    /// <param name="metric">The metric of the evaluation.</param>
    /// <exception cref="InvalidOperationException"><see cref="StepsByMetric"/> is false.</exception>
    public virtual void Step(double metric) => throw new InvalidOperationException($"{GetType().Name} steps by the number of updates.");

    /// <summary>Returns the state of the schedule for a checkpoint, with the keys that PyTorch's <c>state_dict()</c> uses, such as <c>last_epoch</c> and <c>_last_lr</c>.</summary>
    public virtual JsonObject ExportState() => new()
    {
        ["last_epoch"] = LastStep,
        ["_last_lr"] = ScheduleState.Array(Optimizer.Groups.Select(g => g.LearningRate)),
    };

    /// <summary>Restores a state that <see cref="ExportState"/> or PyTorch's <c>state_dict</c> returned.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="InvalidDataException">A field is missing, is not a number, or is for a different number of parameter groups.</exception>
    public virtual void LoadState(JsonObject state)
    {
        var (step, rates) = (state.Integer("last_epoch"), state.Numbers("_last_lr", Optimizer.Groups.Count));
        LastStep = step;
        for (var i = 0; i < rates.Length; i++)
            Optimizer.Groups[i].LearningRate = rates[i];
    }
}
