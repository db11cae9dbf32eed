using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Sets control flags at the end of the updates that its plan names.</summary>
internal sealed class ScriptedCallback(JsonElement plan) : ITrainerCallback
{
    public void OnStepEnd(CallbackContext context) => Follow("on_step_end", context.State.GlobalStep, context.Control);

    public void OnEpochEnd(CallbackContext context) => Follow("on_epoch_end", context.State.GlobalStep, context.Control);

    private void Follow(string hook, int step, TrainerControl control)
    {
        if (!plan.GetProperty(hook).TryGetProperty(step.ToString(), out var flags))
            return;
        foreach (var flag in flags.EnumerateArray())
            typeof(TrainerControl).GetProperties().Single(p => p.Name.Equals(flag.GetString()!.Replace("_", ""), StringComparison.OrdinalIgnoreCase)).SetValue(control, true);
    }
}
