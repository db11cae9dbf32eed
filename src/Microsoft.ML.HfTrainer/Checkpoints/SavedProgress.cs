using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The states of the optimizer, the learning-rate schedule and the gradient scaler, as read from a checkpoint.</summary>
/// <param name="Optimizer">The state tensors of the optimizer by name, <c>{parameter}.{state}</c>.</param>
/// <param name="Schedule">The state of the schedule.</param>
/// <param name="Scaler">The state of the gradient scaler; null if there is none.</param>
internal sealed record SavedProgress(StateTensors Optimizer, JsonObject Schedule, JsonObject? Scaler) : IDisposable
{
    private const string RandomEntry = "cpu", EpochStart = ".epoch_start", CollatorEntry = "collator", LoopEntry = "loop";

    /// <summary>Writes what a run needs to resume, besides the model.</summary>
    public static void Write(ResumeContent content, string folder)
    {
        StateTensors.Write(Path.Combine(folder, CheckpointFiles.Optimizer), content.Optimizer.State());
        SavePoint.Reach("optimizer");
        CheckpointJson.Write(Path.Combine(folder, CheckpointFiles.Scheduler), content.Scheduler.ExportState());
        SavePoint.Reach("scheduler");
        if (content.Scaler is { } scaler)
            CheckpointJson.Write(Path.Combine(folder, CheckpointFiles.Scaler), scaler);
        foreach (var (rank, loop) in content.Loops.Index())
            File.WriteAllBytes(Path.Combine(folder, CheckpointFiles.LoopOf(rank, content.Loops.Count)), loop);
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

    /// <summary>Reads the state of the training loop; returns null if there is none.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="rank">The process whose state is read; that of the first where the checkpoint is of fewer processes.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks the state of the CPU's generator.</exception>
    public static SavedLoop? ReadLoop(string folder, int rank = 0)
    {
        string[] names = [CheckpointFiles.LoopOf(rank, int.MaxValue), CheckpointFiles.LoopOf(0, 1), CheckpointFiles.LoopOf(0, int.MaxValue)];
        if (names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } path)
            return PythonProgress.ReadGenerators(folder) is { } states ? new SavedLoop(states, null) : null;
        using var file = SafetensorsFile.Open(path);
        var entries = file.Entries.Keys.Where(name => name is not (LoopEntry or CollatorEntry)).ToLookup(name => name.EndsWith(EpochStart, StringComparison.Ordinal));
        GeneratorStates Read(bool epochStart) => GeneratorStates.From(entries[epochStart].Select(name => KeyValuePair.Create(epochStart ? name[..^EpochStart.Length] : name, file.GetBytes(name).ToArray())));
        var (now, start) = (Read(epochStart: false), Read(epochStart: true));
        if (!now.ContainsKey(RandomEntry))
            throw new InvalidDataException($"{path}: it lacks '{RandomEntry}'.");
        var loop = new SavedLoop(now, start.Count > 0 ? start : null, file.Entries.ContainsKey(CollatorEntry) ? file.GetBytes(CollatorEntry).ToArray() : null);
        var numbers = file.Entries.ContainsKey(LoopEntry) ? MemoryMarshal.Cast<byte, double>(file.GetBytes(LoopEntry)) : default;
        return numbers is [var lossSum, var lastLogged, var norm, var rate, .. var position]
            ? WithPosition(loop with { LossSum = lossSum, LastLogged = (int)lastLogged, GradientNorm = norm, LearningRate = rate }, position)
            : loop;
    }

    public void Dispose() => Optimizer.Dispose();

    /// <summary>Returns the state of a training loop as the content of its file.</summary>
    public static byte[] Pack(SavedLoop loop)
    {
        using var packed = new MemoryStream();
        SafetensorsWriter.Write(packed, Describe(loop));
        return packed.ToArray();
    }

    internal static IEnumerable<SafetensorsTensor> Describe(SavedLoop loop)
    {
        foreach (var (name, state) in loop.Random)
            yield return new SafetensorsTensor(name, SafetensorsDType.U8, [state.Length], state);
        foreach (var (name, state) in loop.EpochStart ?? GeneratorStates.From([]))
            yield return new SafetensorsTensor(name + EpochStart, SafetensorsDType.U8, [state.Length], state);
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

    // Checkpoints of earlier versions have no position.
    private static SavedLoop WithPosition(SavedLoop loop, ReadOnlySpan<double> numbers) => numbers is [var epoch, var update, var updates, var stopped, var log, var evaluation]
        ? loop with
        {
            Position = new LoopPosition((int)epoch, (int)update, (int)updates), IsEpochStopped = stopped != 0, IsLogPending = log != 0, IsEvaluationPending = evaluation != 0,
        }
        : loop;
}
