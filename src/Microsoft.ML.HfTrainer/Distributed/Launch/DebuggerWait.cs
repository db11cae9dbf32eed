using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>Holds a process until a debugger is attached, where its launcher asks for that.</summary>
internal static class DebuggerWait
{
    /// <summary>The environment variable that asks for it.</summary>
    public const string Variable = "HFTRAINER_WAIT_FOR_DEBUGGER";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The program is not changed to be debugged: the first use of the library is the only place at which it can wait.")]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not ("true" or "1") || Debugger.IsAttached)
            return;
        var rank = Environment.GetEnvironmentVariable("RANK") is { Length: > 0 } given ? $"Rank {given}" : "This program";
        Console.Error.WriteLine($"{rank} waits for a debugger: process {Environment.ProcessId} ({Path.GetFileName(Environment.ProcessPath)}).");
        while (!Debugger.IsAttached)
            Thread.Sleep(_pause);
    }
}
