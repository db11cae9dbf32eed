using System.ComponentModel;
using Microsoft.ML.HfTrainer.Models;
using Microsoft.ML.HfTrainer.Native;
using Spectre.Console.Cli;

namespace Microsoft.ML.HfTrainer.Cli;

/// <summary>Says what is installed and whether a model can be trained here; of a model, what it is and what training it takes.</summary>
internal sealed class InfoCommand : Command<InfoCommand.Settings>
{
    public const string Name = "info";
    public const string Description = "Versions, devices, threads, and whether the default model is there; of a model: architecture, heads, parameters, tokenizer, memory to train";

    public sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "[model]")]
        [Description("The folder of a model, or its id on the hub; left out: what is installed here")]
        public string? Model { get; init; }
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var lines = settings.Model is { } model ? ModelDescription.Lines(ModelFolder.Resolve(model)) : Installation();
        var width = lines.Max(line => line.Name.Length) + 2;
        foreach (var (name, value) in lines)
            Console.WriteLine(name.PadRight(width) + value);
        return ExitCode.Success;
    }

    private static (string Name, string Value)[] Installation()
    {
        var report = HfTrainerEnvironment.Check();
        var model = Path.Combine(AppContext.BaseDirectory, "HfTrainer", "MiniLM");
        return
        [
            ("Microsoft.ML.HfTrainer", report.LibraryVersion),
            ("Microsoft.ML", TorchLibrary.VersionOf(typeof(MLContext).Assembly)),
            ("TorchSharp", report.TorchSharpVersion),
            ("libtorch", report.LibtorchVersion),
            ("loaded from", Path.GetDirectoryName(report.LibtorchFile) ?? "a place of the system's"),
            ("C++ runtime", (report.RequiredCppRuntime, report.IsMended) switch
            {
                (null, _) => "the system's",
                ({ } version, true) => $"{version} is asked for and not here; adapted in memory",
                ({ } version, false) => $"{version}, found",
            }),
            (".NET", $"{report.DotNetVersion} ({report.RuntimeIdentifier})"),
            ("system", report.OperatingSystem),
            ("device", report.CudaIsAvailable ? $"{report.CudaDeviceCount} CUDA GPU{(report.CudaDeviceCount == 1 ? "" : "s")}, or CPU" : "CPU"),
            ("threads", report.CpuThreads.ToString()),
            ("default model", File.Exists(Path.Combine(model, "config.json")) ? model : $"not found ({model}); the package Microsoft.ML.HfTrainer.MiniLM puts it there"),
        ];
    }
}
