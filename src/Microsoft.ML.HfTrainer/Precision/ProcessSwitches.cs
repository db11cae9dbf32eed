using Microsoft.ML.HfTrainer.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Precision;

/// <summary>Sets the process-wide switches of libtorch that a run asks for.</summary>
internal static class ProcessSwitches
{
    /// <summary>Turns TF32 on or off, if the settings say so.</summary>
    /// <exception cref="ArgumentException">TF32 is to be turned on, and the device does not have it.</exception>
    public static void UseTensorFloat32(PrecisionSettings settings, Device device)
    {
        if (settings.TensorFloat32 is not { } on)
            return;
        if (TensorFloat32.IsAvailable(device))
            TensorFloat32.Set(on);
        else if (on)
            throw new ArgumentException($"TrainingArguments.Tf32 is true, but the device {device} has no TF32: it takes an NVIDIA GPU of the Ampere generation or newer.", "Tf32");
    }

    /// <summary>Turns deterministic algorithms on until the result is disposed; returns null if the settings do not ask for them.</summary>
    public static IDisposable? UseDeterminism(PrecisionSettings settings) => settings.Deterministic ? DeterministicAlgorithms.Use() : null;
}
