using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Distributed.Launch;

/// <summary>The command <c>hftrainer launch</c> as a process of its own session, and what it and its processes have written.</summary>
internal sealed class LaunchProcess : IDisposable
{
    // Far more than any of these runs takes: a process that hangs must not hang the tests.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    private static readonly string _program = Path.Combine(Repository.Root, "src", "Microsoft.ML.HfTrainer.Cli", "bin", Repository.Configuration, "net10.0", "hftrainer.dll");

    private readonly Process _process;
    private readonly Timer _guard;
    private readonly List<string> _errors = [];

    public LaunchProcess(IEnumerable<string> options, IEnumerable<string> command, params IEnumerable<KeyValuePair<string, string>> variables)
    {
        // Tests that a script started in the background ignore Ctrl-C, and the program would inherit that.
        string[] words = ["env", "--default-signal=INT", "dotnet", _program, "launch", .. options, .. command.Any() ? ["--", .. command] : Array.Empty<string>()];
        var start = new ProcessStartInfo("setsid", words) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ACCELERATE_", StringComparison.Ordinal) || name is "OMP_NUM_THREADS").ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.Add(line.Data ?? "");
        };
        _process.Start();
        _process.BeginErrorReadLine();
        _guard = new Timer(_ => _process.Kill(entireProcessTree: true), null, _limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>With the words of a command line, which name the program after <c>--</c>.</summary>
    public static LaunchProcess OfWords(string words) => new(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), []);

    /// <summary>The lines that were read so far, and when.</summary>
    public List<(string Text, DateTime Read)> Lines { get; } = [];

    /// <summary>What was written to standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors);
        }
    }

    /// <summary>When the launcher had ended.</summary>
    public DateTime Ended { get; private set; }

    /// <summary>Reads until a number of lines contain a text; returns false where all that write have ended before.</summary>
    public bool WaitFor(string text, int count)
    {
        while (Lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal)) < count)
        {
            if (!Read())
                return false;
        }
        return true;
    }

    /// <summary>Signals the launcher, or all of its process group as a terminal does.</summary>
    public void Signal(string signal, bool group = false)
    {
        using var kill = Process.Start("kill", ["-s", signal["SIG".Length..], "--", (group ? "-" : "") + _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.AreEqual(0, kill.ExitCode);
    }

    /// <summary>Reads until the launcher and all of its processes have ended, which hold its output open, and returns its exit code.</summary>
    public int End()
    {
        while (Read())
        {
        }
        _process.WaitForExit();
        Ended = DateTime.UtcNow;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _guard.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private bool Read()
    {
        if (_process.StandardOutput.ReadLine() is not { } line)
            return false;
        Lines.Add((line, DateTime.UtcNow));
        return true;
    }
}
