using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The states of the optimizer, the learning-rate schedule and the gradient scaler, as read from a checkpoint.</summary>
/// <param name="Optimizer">The state tensors of the optimizer by name, <c>{parameter}.{state}</c>.</param>
/// <param name="Schedule">The state of the schedule.</param>
/// <param name="Scaler">The state of the gradient scaler; null if there is none.</param>
internal sealed record SavedProgress(StateTensors Optimizer, JsonObject Schedule, JsonObject? Scaler) : IDisposable
{
    /// <summary>The entries of the file of random numbers.</summary>
    public const string RandomEntry = "cpu", EpochStartEntry = "cpu.epoch_start", CollatorEntry = "collator", LoopEntry = "loop";

    /// <summary>Writes what a run needs to resume, besides the model.</summary>
    public static void Write(ResumeContent content, string folder)
    {
        StateTensors.Write(Path.Combine(folder, CheckpointFiles.Optimizer), content.Optimizer.State());
        SavePoint.Reach("optimizer");
        CheckpointJson.Write(Path.Combine(folder, CheckpointFiles.Scheduler), content.Scheduler.ExportState());
        SavePoint.Reach("scheduler");
        if (content.Scaler is { } scaler)
            CheckpointJson.Write(Path.Combine(folder, CheckpointFiles.Scaler), scaler);
        SafetensorsWriter.Write(Path.Combine(folder, CheckpointFiles.Random), Describe(content.Loop));
        SavePoint.Reach("random");
    }

    /// <summary>Reads the states, written by this library or by Python; returns null if the checkpoint holds the model only.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="optimizer">The optimizer of the new run; Python's files number the parameters in the order of its groups.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or is for different parameters.</exception>
    public static SavedProgress? Read(string folder, Optimizer optimizer)
    {
        string Of(string name) => Path.Combine(folder, name);
        if (!File.Exists(Of(CheckpointFiles.Optimizer)) || !File.Exists(Of(CheckpointFiles.Scheduler)))
            return PythonProgress.Read(folder, optimizer);
        return new SavedProgress(
            StateTensors.Read(Of(CheckpointFiles.Optimizer)), PythonJson.ReadObject(Of(CheckpointFiles.Scheduler)),
            File.Exists(Of(CheckpointFiles.Scaler)) ? PythonJson.ReadObject(Of(CheckpointFiles.Scaler)) : null);
    }

    public void Dispose() => Optimizer.Dispose();

    private static IEnumerable<SafetensorsTensor> Describe(SavedLoop loop)
    {
        yield return new SafetensorsTensor(RandomEntry, SafetensorsDType.U8, [loop.Random.Length], loop.Random);
        if (loop.EpochStart is { } start)
            yield return new SafetensorsTensor(EpochStartEntry, SafetensorsDType.U8, [start.Length], start);
        if (loop.Collator is { } collator)
            yield return new SafetensorsTensor(CollatorEntry, SafetensorsDType.U8, [collator.Length], collator);
        var position = loop.Position!.Value;
        double[] numbers =
        [
            loop.LossSum, loop.LastLogged!.Value, loop.GradientNorm, loop.LearningRate, position.Epoch, position.Update, position.UpdatesPerEpoch,
            loop.IsEpochStopped ? 1 : 0, loop.IsLogPending ? 1 : 0, loop.IsEvaluationPending ? 1 : 0,
        ];
        yield return new SafetensorsTensor(LoopEntry, SafetensorsDType.F64, [numbers.Length], MemoryMarshal.AsBytes<double>(numbers).ToArray());
    }
}
