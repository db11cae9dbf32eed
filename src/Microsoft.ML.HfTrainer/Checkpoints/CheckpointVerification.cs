using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Formats.Torch;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Whether a checkpoint is whole: by its manifest, or, where Python wrote it, by the structure of its files.</summary>
internal static class CheckpointVerification
{
    // Kept by the original while it saves on a signal.
    private const string Incomplete = "checkpoint-is-incomplete.txt";

    private static readonly string[] _pickles = [PythonProgress.OptimizerName, PythonProgress.SchedulerName, PythonProgress.RandomName, PythonProgress.ScalerName];

    /// <summary>What is wrong with a checkpoint; null where it is whole.</summary>
    public static string? FindDamage(string folder)
    {
        if (CheckpointManifest.IsThere(folder))
            return CheckpointManifest.FindDamage(folder);
        // Every checkpoint written here has these settings, and a manifest written after them.
        if (File.Exists(Path.Combine(folder, CheckpointFolder.ArgumentsName)))
            return $"{CheckpointManifest.FileName} is missing";
        if (File.Exists(Path.Combine(folder, Incomplete)))
            return $"{Incomplete} is there: its writer did not come to an end";
        try
        {
            Check(folder);
            return null;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return failure.Message.TrimEnd('.');
        }
    }

    private static void Check(string folder)
    {
        var state = Path.Combine(folder, TrainerState.FileName);
        _ = TrainerState.FromJson(File.ReadAllBytes(state), state);
        if (File.Exists(Path.Combine(folder, PretrainedConfig.FileName)))
            _ = PythonJson.ReadObject(Path.Combine(folder, PretrainedConfig.FileName));
        using (var weights = WeightFiles.Open(folder))
            _ = weights.Entries;
        foreach (var name in _pickles.Where(name => File.Exists(Path.Combine(folder, name))))
            TorchFile.Verify(Path.Combine(folder, name));
    }
}
