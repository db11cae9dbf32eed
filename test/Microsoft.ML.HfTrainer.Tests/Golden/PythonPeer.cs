using System.Diagnostics;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>
/// Hugging Face Transformers itself, if this machine has it: a Python with the package transformers, whose folder the variable HFTRAINER_PEER names, or the program
/// <c>bench/setup-peer</c> of the shared folder prints.
/// </summary>
internal static class PythonPeer
{
    // Far more than the programs take.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(15);

    private static readonly string[] _pythons = ["python3.11", "python3"];

    /// <summary>Runs a program of the fixtures and returns what it prints. Without a Python that has the libraries, the test is inconclusive and its output gives the reason.</summary>
    public static string Run(string program, string input, TestContext context)
    {
        if (TryRun(program, input, out var reason) is { } output)
            return output;
        context.WriteLine($"Not run, because Hugging Face Transformers is not available: {reason}");
        throw new AssertInconclusiveException($"Not run, because Hugging Face Transformers is not available: {reason}");
    }

    private static string? TryRun(string program, string input, out string reason)
    {
        if (Folder(out reason) is not { } folder)
            return null;
        foreach (var python in _pythons)
        {
            var (code, output, error) = Start(python, ["-S", Path.Combine(GoldenFolder.Repository, "test", "Fixtures", "peer", program)], input, folder);
            if (code == 0)
                return output;
            reason = $"{python} with {folder}: {error.Trim()}";
            // 3: it has no such libraries, or not for this Python.
            if (code is not (3 or null))
                Assert.Fail($"{program} ended with {code}: {error}");
        }
        return null;
    }

    private static string? Folder(out string reason)
    {
        reason = "";
        if (Environment.GetEnvironmentVariable("HFTRAINER_PEER") is { Length: > 0 } named)
            return Path.GetFullPath(named, GoldenFolder.Repository);
        var setup = Path.Combine(GoldenFolder.Shared, "bench", "setup-peer");
        if (!File.Exists(setup))
        {
            reason = $"HFTRAINER_PEER names no folder, and there is no {setup}";
            return null;
        }
        var (code, output, error) = Start("sh", [setup], "", null);
        reason = $"{setup}: {error.Trim()}";
        return code == 0 ? output.Trim() : null;
    }

    // The exit code is null where there is no such program.
    private static (int? Code, string Output, string Error) Start(string program, string[] arguments, string input, string? pythonPath)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HF_HUB_OFFLINE"] = "1";
        if (pythonPath is not null)
            start.Environment["PYTHONPATH"] = pythonPath;
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            if (process.WaitForExit(_limit))
                return (process.ExitCode, output.Result, error.Result);
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} ran longer than {_limit}.");
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return (null, "", failure.Message);
        }
    }
}
