using System.Reflection;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>The versions of packages that this library was compiled against, and reaches beneath the public API of.</summary>
internal static class CompiledVersions
{
    /// <summary>The version of Microsoft.ML.</summary>
    public static string MicrosoftML { get; } = Read("MicrosoftMLVersion");

    /// <summary>The version of TorchSharp.</summary>
    public static string TorchSharp { get; } = Read("TorchSharpVersion");

    /// <summary>Refuses another version of TorchSharp than one of the same major and minor number: functions of the libtorch that it brings are called by their addresses.</summary>
    /// <exception cref="NotSupportedException">The application has another version.</exception>
    public static void CheckTorchSharp()
    {
        var running = TorchLibrary.TorchSharpVersion;
        if (Series(running) != Series(TorchSharp))
        {
            throw new NotSupportedException(
                $"The application has TorchSharp {running}, and this version of Microsoft.ML.HfTrainer needs TorchSharp {TorchSharp}: it calls functions of its libtorch directly, which differ in other " +
                $"versions. Reference TorchSharp {TorchSharp} and TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows {TorchSharp}, or a version of Microsoft.ML.HfTrainer for TorchSharp {running}.");
        }
    }

    private static string Series(string version) => string.Join('.', version.Split('.', '-').Take(2));

    private static string Read(string key) => typeof(CompiledVersions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
