using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Packaging;

namespace Microsoft.ML.HfTrainer.Tests.Checkpoints;

/// <summary>A real training process, and what it has said so far.</summary>
internal sealed class TrainingRunProcess : IDisposable
{
    // Far more than any of these runs takes: a process that hangs must not hang the tests.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Timer _guard;

    private TrainingRunProcess(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        // One thread adds up in one order.
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        _guard = new Timer(_ => _process.Kill(entireProcessTree: true), null, _limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The program's assembly.</summary>
    public static string Assembly { get; } =
        Path.Combine(Repository.Root, "test", "Microsoft.ML.HfTrainer.TrainingProcess", "bin", Repository.Configuration, "net10.0", "Microsoft.ML.HfTrainer.TrainingProcess.dll");

    // Tests that a script started in the background ignore Ctrl-C, and a program that they start would inherit that.
    private static string[] Program => OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet", Assembly] : ["dotnet", Assembly];

    /// <summary>The lines said so far.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>What it said after a word, each time: the updates it saved after, for <c>saved</c>.</summary>
    public IEnumerable<int> Numbers(string word) =>
        Lines.Where(line => line.StartsWith(word + " ", StringComparison.Ordinal)).Select(line => int.Parse(line[(word.Length + 1)..], CultureInfo.InvariantCulture));

    public static TrainingRunProcess Start(IEnumerable<string> settings) => new(Program[0], [.. Program[1..], .. settings]);

    /// <summary>In a shell script, whose first parameters are the command that starts the program.</summary>
    public static TrainingRunProcess StartIn(string[] shell, IEnumerable<string> settings) => new(shell[0], [.. shell[1..], .. Program, .. settings]);

    /// <summary>Waits for a line that begins with a word; null where the process ends before.</summary>
    public string? WaitFor(string word)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            Lines.Add(line);
            if (line.StartsWith(word + " ", StringComparison.Ordinal))
                return line;
        }
        return null;
    }

    /// <summary>Ends it at once, without a chance to do anything.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to end, as a scheduler does with TERM and Ctrl-C with INT.</summary>
    public void Terminate(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Reads what is left and waits for the end.</summary>
    public int End()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
            Lines.Add(line);
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _guard.Dispose();
        _process.Dispose();
    }

    /// <summary>A copy of the tiny model, with dropout.</summary>
    public static string ModelWithDropout(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(TinyBert.Folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var path = Path.Combine(folder, PretrainedConfig.FileName);
        var config = JsonNode.Parse(File.ReadAllBytes(path))!;
        foreach (var field in new[] { "hidden_dropout_prob", "attention_probs_dropout_prob" })
            config[field] = 0.1;
        File.WriteAllText(path, config.ToJsonString());
        return folder;
    }
}
