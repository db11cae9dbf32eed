using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Sets the learning rate of an optimizer's groups: by the number of updates made, or by a metric after each evaluation.</summary>
/// <param name="optimizer">Whose groups it sets.</param>
public abstract class LearningRateScheduler(Optimizer optimizer)
{
    /// <summary>Whose groups it sets.</summary>
    public Optimizer Optimizer { get; } = optimizer;

    /// <summary>Steps made: updates, or evaluations where it <see cref="StepsByMetric"/>.</summary>
    public int LastStep { get; protected set; }

    /// <summary>Whether it steps by the best model's metric after each evaluation, and not after each update.</summary>
    public virtual bool StepsByMetric => false;

    /// <summary>Goes on to the next update.</summary>
    /// <exception cref="InvalidOperationException">It <see cref="StepsByMetric"/>.</exception>
    public virtual void Step() => throw new InvalidOperationException($"{GetType().Name} steps by a metric.");

    /// <summary>Goes on after an evaluation.</summary>
    /// <param name="metric">The evaluation's metric.</param>
    /// <exception cref="InvalidOperationException">It does not <see cref="StepsByMetric"/>.</exception>
    public virtual void Step(double metric) => throw new InvalidOperationException($"{GetType().Name} steps by the number of updates.");

    /// <summary>Where it stands, under the original's names (<c>last_epoch</c>, <c>_last_lr</c> and its own).</summary>
    public virtual JsonObject ExportState() => new()
    {
        ["last_epoch"] = LastStep,
        ["_last_lr"] = ScheduleState.Array(Optimizer.Groups.Select(g => g.LearningRate)),
    };

    /// <summary>Goes on from where <see cref="ExportState"/> was called, or the original's <c>state_dict</c>.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="InvalidDataException">A field is missing, is no number, or is for another number of groups.</exception>
    public virtual void LoadState(JsonObject state)
    {
        var (step, rates) = (state.Integer("last_epoch"), state.Numbers("_last_lr", Optimizer.Groups.Count));
        LastStep = step;
        for (var i = 0; i < rates.Length; i++)
            Optimizer.Groups[i].LearningRate = rates[i];
    }
}
