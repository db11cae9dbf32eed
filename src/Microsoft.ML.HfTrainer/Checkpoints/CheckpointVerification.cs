using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Formats.Torch;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Verifies a checkpoint: by its manifest or, if Python wrote it, by the structure of its files.</summary>
internal static class CheckpointVerification
{
    // The Hugging Face Trainer keeps this file while it saves on a signal.
    private const string Incomplete = "checkpoint-is-incomplete.txt";

    private static readonly string[] _pickles = [PythonProgress.OptimizerName, PythonProgress.SchedulerName, PythonProgress.RandomName, PythonProgress.ScalerName];

    /// <summary>Describes the damage of a checkpoint; returns null if it is intact.</summary>
    public static string? FindDamage(string folder)
    {
        if (CheckpointManifest.IsThere(folder))
            return CheckpointManifest.FindDamage(folder);
        // Every checkpoint of this library has this file, and a manifest that is written after it.
        if (File.Exists(Path.Combine(folder, CheckpointFiles.Arguments)))
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
        _ = PythonJson.ReadObject(Path.Combine(folder, CheckpointFiles.State));
        if (File.Exists(Path.Combine(folder, PretrainedConfig.FileName)))
            _ = PythonJson.ReadObject(Path.Combine(folder, PretrainedConfig.FileName));
        using (var weights = WeightFiles.Open(folder))
            _ = weights.Entries;
        foreach (var name in _pickles.Where(name => File.Exists(Path.Combine(folder, name))))
            TorchFile.Verify(Path.Combine(folder, name));
    }
}
