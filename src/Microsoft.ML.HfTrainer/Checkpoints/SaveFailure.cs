using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Explains why a checkpoint could not be written and what helps.</summary>
internal static class SaveFailure
{
    public static IOException Explain(CheckpointContent content, string target, Exception failure)
    {
        var needed = content.Model.state_dict().Values.Concat(content.Resume?.Optimizer.State().Select(s => s.Tensor) ?? []).Sum(Bytes);
        var folder = Path.GetDirectoryName(target)!;
        return new IOException($"The checkpoint '{target}' could not be written: {failure.Message.TrimEnd('.')}. It takes about {Megabytes(needed)}{Free(folder)}; what was written of it is removed, and "
            + $"{(CheckpointRotation.Sorted(folder) is [.., var last] ? $"'{last}' is still there" : "no earlier checkpoint is there")}. Make room, set a smaller SaveTotalLimit or another OutputDir, "
            + "or set ContinueOnSaveFailure to train on without it.", failure);
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.ElementSize;

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1048576.0:0.##} MiB");

    private static string Free(string folder)
    {
        try
        {
            return $", and {Megabytes(new DriveInfo(folder).AvailableFreeSpace)} are free in '{folder}'";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $" in '{folder}'";
        }
    }
}
