using System.Diagnostics;
using Microsoft.ML.HfTrainer.Tests.Checkpoints;

namespace Microsoft.ML.HfTrainer.Tests.Distributed;

/// <summary>Two processes of the test program that <c>mpirun</c> starts.</summary>
internal static class MpiLauncher
{
    public const string OpenMpi = "mpirun.openmpi", Mpich = "mpirun.mpich";

    // Far more than any of these runs takes: processes that wait for each other must not hang the tests.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs them to their end.</summary>
    public static (int Code, List<string> Lines) Run(string launcher, IEnumerable<string> words, params (string Name, string Value)[] variables)
    {
        if (!HasProgram(launcher))
            Assert.Inconclusive($"{launcher} is not installed");
        var start = new ProcessStartInfo(launcher, ["-n", "2", "dotnet", TrainingRunProcess.Assembly, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        // Open MPI refuses the root of a container, and more processes than cores.
        foreach (var name in new[] { "OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "OMPI_MCA_rmaps_base_oversubscribe" })
            start.Environment[name] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        // Open MPI gives each process a terminal, to which .NET would write control characters.
        start.Environment["TERM"] = "dumb";
        var lines = new List<string>();
        using var process = new Process { StartInfo = start };
        void Add(object sender, DataReceivedEventArgs received)
        {
            lock (lines)
                lines.Add(received.Data ?? "");
        }
        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var guard = new Timer(_ => process.Kill(entireProcessTree: true), null, _limit, Timeout.InfiniteTimeSpan);
        process.WaitForExit();
        return (process.ExitCode, lines);
    }

    private static bool HasProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));
}
