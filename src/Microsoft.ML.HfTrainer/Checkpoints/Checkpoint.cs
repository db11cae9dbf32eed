using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Training;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>A checkpoint that was found whole.</summary>
internal sealed class Checkpoint
{
    private const string RandomName = "cpu", EpochStartName = "cpu.epoch_start", LoopName = "loop";

    private Checkpoint(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Looks at every byte of a checkpoint.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is damaged or was not written to its end; the message names the file.</exception>
    public static Checkpoint Open(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no checkpoint '{folder}'; give the folder of one, such as '{Path.Combine(Path.GetDirectoryName(folder) ?? folder, "checkpoint-500")}'.");
        return CheckpointVerification.FindDamage(folder) is { } damage
            ? throw new InvalidDataException($"The checkpoint '{folder}' is damaged or was not written to its end, and is not loaded: {damage}. Name another one, or let the newest whole one be found.")
            : new Checkpoint(folder);
    }

    /// <summary>Writes what a run needs to go on, besides the model.</summary>
    public static void WriteProgress(Trainer trainer, SavedLoop loop, string folder)
    {
        StateTensors.Write(Path.Combine(folder, SavedProgress.OptimizerName), trainer.Optimizer!.State());
        SavePoint.Reach("optimizer");
        CheckpointJson.Write(Path.Combine(folder, SavedProgress.SchedulerName), trainer.LearningRateScheduler!.ExportState());
        SavePoint.Reach("scheduler");
        if (trainer.Precision.Scaler is { } scaler)
            CheckpointJson.Write(Path.Combine(folder, SavedProgress.ScalerName), scaler.State());
        SafetensorsWriter.Write(Path.Combine(folder, SavedProgress.RandomName), Describe(loop));
        SavePoint.Reach("random");
    }

    /// <summary>Where the run stood.</summary>
    public TrainerState ReadState()
    {
        var path = Path.Combine(Folder, TrainerState.FileName);
        var state = TrainerState.FromJson(File.ReadAllBytes(path), path);
        // A folder of checkpoints may have been moved since.
        if (state.BestModelCheckpoint is { } best && !Directory.Exists(best) && Path.Combine(Path.GetDirectoryName(Folder)!, Path.GetFileName(best)) is var moved && Directory.Exists(moved))
            state.BestModelCheckpoint = moved;
        return state;
    }

    /// <summary>Lets optimizer, schedule and scaler go on from here.</summary>
    /// <returns>Whether the checkpoint has them.</returns>
    /// <exception cref="InvalidDataException">They are for another model or other settings.</exception>
    public bool RestoreProgress(Trainer trainer)
    {
        using var progress = SavedProgress.Read(Folder, trainer.Optimizer!);
        if (progress is null)
            return false;
        try
        {
            trainer.Optimizer!.LoadState(progress.Optimizer);
            trainer.LearningRateScheduler!.LoadState(progress.Schedule);
            if (progress.Scaler is { } scaler)
                trainer.Precision.Scaler?.Load(scaler);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"The checkpoint '{Folder}' does not fit this run: {failure.Message}", failure);
        }
        return true;
    }

    /// <summary>Where the loop stood; null where the checkpoint does not say.</summary>
    public SavedLoop? ReadLoop()
    {
        var path = Path.Combine(Folder, SavedProgress.RandomName);
        if (!File.Exists(path))
            return PythonProgress.ReadGenerator(Folder) is { } state ? new SavedLoop(state, null) : null;
        using var file = SafetensorsFile.Open(path);
        byte[]? Read(string name) => file.Entries.ContainsKey(name) ? file.GetBytes(name).ToArray() : null;
        var random = Read(RandomName) ?? throw new InvalidDataException($"{path}: it lacks '{RandomName}'.");
        var numbers = MemoryMarshal.Cast<byte, double>(Read(LoopName));
        return numbers.Length == 4
            ? new SavedLoop(random, Read(EpochStartName), numbers[0], numbers[1], numbers[2], numbers[3])
            : new SavedLoop(random, Read(EpochStartName));
    }

    private static IEnumerable<SafetensorsTensor> Describe(SavedLoop loop)
    {
        yield return new SafetensorsTensor(RandomName, SafetensorsDType.U8, [loop.Random.Length], loop.Random);
        if (loop.EpochStart is { } start)
            yield return new SafetensorsTensor(EpochStartName, SafetensorsDType.U8, [start.Length], start);
        double[] numbers = [loop.LossSum, loop.LastLogged!.Value, loop.GradientNorm, loop.LearningRate];
        yield return new SafetensorsTensor(LoopName, SafetensorsDType.F64, [numbers.Length], MemoryMarshal.AsBytes<double>(numbers).ToArray());
    }
}
