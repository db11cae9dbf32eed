using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Multiplies the initial learning rate of each group by a factor that depends on the number of updates.</summary>
public sealed class LambdaScheduler : LearningRateScheduler
{
    private readonly Func<int, double> _factor;

    /// <summary>Creates the schedule and sets the learning rate of the first update.</summary>
    /// <param name="optimizer">The optimizer whose learning rates the schedule sets.</param>
    /// <param name="factor">Returns the factor of the initial learning rates, given the number of updates made so far.</param>
    public LambdaScheduler(Optimizer optimizer, Func<int, double> factor) : base(optimizer)
    {
        _factor = factor;
        Apply();
    }

    /// <inheritdoc/>
    public override void Step()
    {
        LastStep++;
        Apply();
    }

    /// <inheritdoc/>
    public override JsonObject ExportState()
    {
        var state = base.ExportState();
        state["base_lrs"] = ScheduleState.Array(Optimizer.Groups.Select(g => g.InitialLearningRate));
        state["_step_count"] = LastStep + 1;
        state["lr_lambdas"] = new JsonArray([.. Optimizer.Groups.Select(_ => new JsonObject())]);
        return state;
    }

    /// <inheritdoc/>
    /// <remarks>The initial learning rates and the learning rate of the next update are those of the state, as in PyTorch; the factor stays that of this schedule.</remarks>
    public override void LoadState(JsonObject state)
    {
        var initial = state.Numbers("base_lrs", Optimizer.Groups.Count);
        base.LoadState(state);
        for (var i = 0; i < initial.Length; i++)
            Optimizer.Groups[i].InitialLearningRate = initial[i];
    }

    private void Apply()
    {
        var factor = _factor(LastStep);
        foreach (var group in Optimizer.Groups)
            group.LearningRate = group.InitialLearningRate * factor;
    }
}
