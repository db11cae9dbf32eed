using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>A launched process and the copies of what it writes.</summary>
internal sealed class Worker
{
    // A program that the process has left running may hold its streams open.
    private static readonly TimeSpan _copyLimit = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<int, string> _signals = new()
    {
        [129] = "SIGHUP", [130] = "SIGINT", [131] = "SIGQUIT", [132] = "SIGILL", [134] = "SIGABRT", [135] = "SIGBUS", [136] = "SIGFPE", [137] = "SIGKILL", [139] = "SIGSEGV", [143] = "SIGTERM",
    };

    private readonly string? _logs;

    /// <summary>Starts a process.</summary>
    public Worker(LaunchOptions options, WorkerVariables variables, WorkerGuard guard, int localRank, int restart)
    {
        Rank = options.NodeRank * options.ProcessesPerNode + localRank;
        _logs = options.LogDirectory is { } folder ? Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"attempt_{restart}"), Rank.ToString(CultureInfo.InvariantCulture)) : null;
        var start = new ProcessStartInfo(options.Command[0], options.Command.Skip(1))
        {
            RedirectStandardOutput = _logs is not null || options.Tee.HasFlag(StandardStreams.Output),
            RedirectStandardError = _logs is not null || options.Tee.HasFlag(StandardStreams.Error),
        };
        foreach (var (name, value) in variables.Of(localRank, restart))
            start.Environment[name] = value;
        if (_logs is not null)
            Directory.CreateDirectory(_logs);
        Process = guard.Start(start);
        List<Task> copies = [];
        if (start.RedirectStandardOutput)
            copies.Add(Copy(Process.StandardOutput, "stdout.log", options.Tee.HasFlag(StandardStreams.Output) ? Console.Out : null));
        if (start.RedirectStandardError)
            copies.Add(Copy(Process.StandardError, "stderr.log", options.Tee.HasFlag(StandardStreams.Error) ? Console.Error : null));
        Ended = End(copies);
    }

    /// <summary>The rank of the process.</summary>
    public int Rank { get; }

    public Process Process { get; }

    /// <summary>Completes when the process has ended and all that it wrote is copied.</summary>
    public Task Ended { get; }

    public bool Failed => Process.ExitCode != 0;

    /// <summary>How it failed, for messages.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"rank {Rank} (process {Process.Id}) ended with exit code {Process.ExitCode}")
        + (!OperatingSystem.IsWindows() && _signals.TryGetValue(Process.ExitCode, out var signal) ? $" ({signal})" : "") + (_logs is null ? "" : $"; its output is in '{_logs}'");

    private async Task End(List<Task> copies)
    {
        await Process.WaitForExitAsync().ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(copies), Task.Delay(copies.Count > 0 ? _copyLimit : TimeSpan.Zero)).ConfigureAwait(false);
    }

    private async Task Copy(StreamReader source, string log, TextWriter? shown)
    {
        using var file = _logs is null ? null : new StreamWriter(Path.Combine(_logs, log), append: true) { AutoFlush = true };
        while (await source.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            file?.WriteLine(line);
            shown?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[rank {Rank}] {line}"));
        }
    }
}
