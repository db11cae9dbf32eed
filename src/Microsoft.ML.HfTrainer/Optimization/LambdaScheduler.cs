using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Optimization;

namespace Microsoft.ML.HfTrainer;

/// <summary>Multiplies each group's initial learning rate by a factor that follows from the number of updates made.</summary>
public sealed class LambdaScheduler : LearningRateScheduler
{
    private readonly Func<int, double> _factor;

    /// <summary>Sets the learning rate of the first update.</summary>
    /// <param name="optimizer">Whose groups it sets.</param>
    /// <param name="factor">The factor on each group's initial rate, by updates made.</param>
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
    /// <remarks>The initial learning rates are the state's, the factor stays this schedule's, and the next update uses the state's rate, as in the original.</remarks>
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
