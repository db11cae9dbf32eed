using System.Diagnostics;

namespace Microsoft.ML.HfTrainer.Tests.Packaging;

/// <summary>Runs a program and waits for it.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    /// <summary>The program <c>dotnet</c> with these arguments.</summary>
    public static CommandResult DotNet(string folder, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments) =>
        Run("dotnet", folder, environment, arguments);

    public static CommandResult Run(string program, string folder, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What `dotnet test` tells its own children must not reach another build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        // A server that outlives the command would hold its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} ran longer than {_limit}.");
        }
        return new(process.ExitCode, output.Result, error.Result);
    }
}
