using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>The switches of the process that a run's settings ask for.</summary>
internal static class ProcessSwitches
{
    /// <summary>Sets TF32 as <see cref="TrainingArguments.Tf32"/> says.</summary>
    /// <exception cref="ArgumentException">It is asked for, and the device has none.</exception>
    public static void UseTensorFloat32(TrainingArguments args, Device device)
    {
        if (args.Tf32 is not { } on)
            return;
        if (TensorFloat32.IsAvailable(device))
            TensorFloat32.Set(on);
        else if (on)
            throw new ArgumentException($"TrainingArguments.Tf32 is true, but the device {device} has no TF32: it takes an NVIDIA GPU of the Ampere generation or newer.", nameof(TrainingArguments.Tf32));
    }

    /// <summary>Deterministic algorithms until disposed; null: <see cref="TrainingArguments.FullDeterminism"/> is not set.</summary>
    public static IDisposable? UseDeterminism(TrainingArguments args) => args.FullDeterminism ? DeterministicAlgorithms.Use() : null;
}
