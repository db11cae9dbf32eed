using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Where optimizer and schedule stood, besides the weights.</summary>
/// <param name="Optimizer">What the optimizer remembers, as <c>{parameter}.{state}</c>.</param>
/// <param name="Schedule">Where the schedule stands.</param>
/// <param name="Scaler">Where the scaler of float16 gradients stands; null: there is none.</param>
internal sealed record SavedProgress(StateTensors Optimizer, JsonObject Schedule, JsonObject? Scaler) : IDisposable
{
    public const string OptimizerName = "optimizer.safetensors", SchedulerName = "scheduler.json", RandomName = "rng_state.safetensors", ScalerName = "scaler.json";

    /// <summary>Reads what a checkpoint has, whoever wrote it; null where it holds the model alone.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="optimizer">The optimizer that is to go on: Python counts parameters in the order of its groups.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or is for other parameters.</exception>
    public static SavedProgress? Read(string folder, Optimizer optimizer)
    {
        string Of(string name) => Path.Combine(folder, name);
        if (File.Exists(Of(OptimizerName)) && File.Exists(Of(SchedulerName)))
            return new SavedProgress(StateTensors.Read(Of(OptimizerName)), PythonJson.ReadObject(Of(SchedulerName)), File.Exists(Of(ScalerName)) ? PythonJson.ReadObject(Of(ScalerName)) : null);
        return PythonProgress.Read(folder, optimizer);
    }

    public void Dispose() => Optimizer.Dispose();
}
