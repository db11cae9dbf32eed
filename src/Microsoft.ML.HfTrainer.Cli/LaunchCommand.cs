using System.ComponentModel;
using System.Globalization;
using Microsoft.ML.HfTrainer.Native;
using Spectre.Console.Cli;

namespace Microsoft.ML.HfTrainer.Cli;

/// <summary>Starts a program several times, with the options of torchrun and of <c>accelerate launch</c>.</summary>
internal sealed class LaunchCommand : AsyncCommand<LaunchCommand.Settings>
{
    public const string Name = "launch";
    public const string Description = "Start a program several times, so that its processes train one model together: hftrainer launch -n 2 -- dotnet app.dll ARGUMENTS";

    // torchrun and Kubeflow set options by such variables.
    private const string PerNodeVariable = "PET_NPROC_PER_NODE";

    public sealed class Settings : CommandSettings
    {
        [CommandOption("-n|--nproc-per-node <COUNT>")]
        [Description("The processes on each machine: a number, gpu for one on each GPU, cpu for one on each processor, or auto for GPUs if there are any. Default: 1")]
        public string? ProcessesPerNode { get; init; }

        [CommandOption("--num-processes <COUNT>")]
        [Description("The processes on all machines together")]
        public int? Processes { get; init; }

        [CommandOption("--nnodes|--num-machines <COUNT>")]
        [Description("The machines; also --num-machines. Default: 1")]
        public int? Nodes { get; init; }

        [CommandOption("--node-rank|--machine-rank <RANK>")]
        [Description("The number of this machine, from 0; also --machine-rank. Default: 0")]
        public int? NodeRank { get; init; }

        [CommandOption("--main-process-ip|--master-addr <ADDRESS>")]
        [Description("The name or address of machine 0; also --master-addr. Default: this machine")]
        public string? MasterAddress { get; init; }

        [CommandOption("--main-process-port|--master-port <PORT>")]
        [Description("The port on machine 0 where the processes meet; also --master-port. Default: 0, a free one")]
        public int? MasterPort { get; init; }

        [CommandOption("--max-restarts <COUNT>")]
        [Description("How often all processes are started again after one has failed. Default: 0")]
        public int MaxRestarts { get; init; }

        [CommandOption("--shutdown-timeout <SECONDS>")]
        [Description("How long processes may take to end before they are killed. Default: 30")]
        public double ShutdownTimeout { get; init; } = 30;

        [CommandOption("--log-dir <FOLDER>")]
        [Description("Writes the output of each process to a file of its own, attempt_0/RANK/stdout.log and stderr.log")]
        public string? LogDirectory { get; init; }

        [CommandOption("--tee <STREAMS>")]
        [Description("Shows output with the rank before each line: 1 standard output, 2 standard error, 3 both. Default: 0")]
        public int Tee { get; init; }

        [CommandOption("--mixed-precision <PRECISION>")]
        [Description("The precision of training where its arguments set none: no, fp16 or bf16")]
        public string? MixedPrecision { get; init; }

        [CommandOption("--cpu")]
        [Description("Trains on the CPU even if there is a GPU")]
        public bool UseCpu { get; init; }

        [CommandOption("--gpu-ids <IDS>")]
        [Description("The GPUs of this machine that are used, such as 0,1. Default: all")]
        public string? GpuIds { get; init; }

        [CommandOption("--num-cpu-threads-per-process <COUNT>")]
        [Description("The compute threads of each process. Default: OMP_NUM_THREADS, or an equal share of the processors")]
        public int? Threads { get; init; }

        [CommandOption("--role <NAME>")]
        [Description("The role of the processes, ROLE_NAME. Default: default")]
        public string Role { get; init; } = "default";

        [CommandOption("--config-file <FILE>")]
        [Description("A configuration that 'accelerate config' has written; options given here come before it")]
        public string? ConfigFile { get; init; }

        [CommandOption("--debug|--wait-for-debugger")]
        [Description("Each process shows its id and waits until a debugger is attached; also --wait-for-debugger")]
        public bool WaitForDebugger { get; init; }

        // What other launchers have to be told, and what is so here in any case.
        [CommandOption("--standalone|--no-python|--multi-gpu|--same-network|--quiet", IsHidden = true)]
        public bool Implied { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        if (context.Remaining.Raw.Count == 0)
            throw new ArgumentException("There is no program to start. Write it after '--': hftrainer launch -n 2 -- dotnet app.dll ARGUMENTS");
        if (settings.Tee is < 0 or > 3)
            throw new ArgumentException($"--tee is {settings.Tee}; it should be 0 (neither stream), 1 (standard output), 2 (standard error) or 3 (both).");
        var file = settings.ConfigFile is { } path ? AccelerateConfig.Read(path) : new AccelerateConfig();
        if (file.Ignored.Count > 0)
            Console.Error.WriteLine($"hftrainer: {settings.ConfigFile}: no effect here have {string.Join(", ", file.Ignored)}.");
        var nodes = settings.Nodes ?? file.Machines ?? Variable("PET_NNODES") ?? 1;
        var port = settings.MasterPort ?? file.MainProcessPort ?? Variable("PET_MASTER_PORT") ?? 0;
        var result = await HfTrainerLauncher.RunAsync(
            new LaunchOptions
            {
                Command = context.Remaining.Raw,
                ProcessesPerNode = PerNode(settings, file, nodes),
                NodeCount = nodes,
                NodeRank = settings.NodeRank ?? file.MachineRank ?? Variable("PET_NODE_RANK") ?? 0,
                MasterAddress = settings.MasterAddress ?? file.MainProcessIp ?? Environment.GetEnvironmentVariable("PET_MASTER_ADDR"),
                MasterPort = port == 0 ? null : port,
                MaxRestarts = settings.MaxRestarts,
                GracePeriod = TimeSpan.FromSeconds(settings.ShutdownTimeout),
                LogDirectory = settings.LogDirectory,
                Tee = (StandardStreams)settings.Tee,
                MixedPrecision = settings.MixedPrecision ?? file.MixedPrecision,
                UseCpu = settings.UseCpu || file.UseCpu,
                GpuIds = (settings.GpuIds ?? file.GpuIds) is { } ids and not "all" ? ids : null,
                ThreadsPerProcess = settings.Threads,
                Role = settings.Role,
                WaitForDebugger = settings.WaitForDebugger,
                Environment = file.Variables,
            },
            cancellationToken);
        return result.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }

    private static int PerNode(Settings settings, AccelerateConfig file, int nodes)
    {
        if (settings is { ProcessesPerNode: { } perNode, Processes: { } both })
            throw new ArgumentException($"--nproc-per-node is {perNode} and --num-processes is {both}: give one of them, the processes of each machine or of all machines.");
        if (settings.ProcessesPerNode is { } given)
            return Count("--nproc-per-node", given);
        if (settings.ConfigFile is not null && settings.Processes is null && file.Processes is null)
            throw new ArgumentException($"{settings.ConfigFile} has no num_processes; add it, or give --num-processes.");
        if ((settings.Processes ?? file.Processes) is not { } all)
            return Environment.GetEnvironmentVariable(PerNodeVariable) is { Length: > 0 } set ? Count(PerNodeVariable, set) : 1;
        return nodes < 1 || all % nodes == 0 ? all / Math.Max(nodes, 1) : throw new ArgumentException($"{all} processes cannot be divided among {nodes} machines equally.");
    }

    private static int Count(string name, string value) => value switch
    {
        "gpu" => HfTrainerEnvironment.Check().CudaDeviceCount is var gpus and > 0 ? gpus : throw new ArgumentException($"{name} is gpu, but there is no GPU."),
        "auto" => Math.Max(1, HfTrainerEnvironment.Check().CudaDeviceCount),
        "cpu" => Environment.ProcessorCount,
        _ => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"{name} is '{value}'; it should be a number, gpu, cpu or auto."),
    };

    private static int? Variable(string name) => Environment.GetEnvironmentVariable(name) is not { Length: > 0 } value ? null
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ArgumentException($"The environment variable {name} is '{value}'; it should be a whole number.");
}
