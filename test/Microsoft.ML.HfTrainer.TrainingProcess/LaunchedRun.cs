using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>A process that a launcher starts several times: says what happens to it, and does what a plan says as soon as all have started.</summary>
internal static class LaunchedRun
{
    private static readonly PosixSignal[] _signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private static readonly ClusterEnvironment _place = ClusterEnvironment.Read();

    /// <summary>
    /// <c>name=value</c> each: <c>folder</c>, where the processes meet; <c>seconds</c>, after which a process ends that has nothing else to do; the rank of a process with what it
    /// does, which is an exit code or <c>raise</c>, <c>kill</c> or <c>quit</c>; <c>times</c>, the starts in which it does so; <c>ignore</c>, where signals are ignored.
    /// </summary>
    public static int Run(string[] settings)
    {
        var plan = settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var heard = _signals.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            Say($"{context.Signal}");
            context.Cancel = true;
            if (!plan.ContainsKey("ignore"))
                Environment.Exit(3);
        })).ToList();
        Say("start");
        Meet(plan["folder"]);
        var isFaulty = !plan.TryGetValue("times", out var times) || _place.RestartCount < int.Parse(times, CultureInfo.InvariantCulture);
        if (isFaulty && plan.TryGetValue(_place.Rank.ToString(CultureInfo.InvariantCulture), out var what))
        {
            Say(what);
            switch (what)
            {
                case "raise":
                    throw new InvalidOperationException("The plan says so.");
                case "kill":
                    System.Diagnostics.Process.GetCurrentProcess().Kill();
                    break;
                case "quit":
                    return 0;
                default:
                    return int.Parse(what, CultureInfo.InvariantCulture);
            }
        }
        Thread.Sleep(TimeSpan.FromSeconds(double.Parse(plan["seconds"], CultureInfo.InvariantCulture)));
        Say("end");
        heard.ForEach(registration => registration.Dispose());
        return 0;
    }

    private static void Meet(string folder)
    {
        File.Create(Path.Combine(folder, $"{_place.RestartCount}.{_place.Rank}")).Dispose();
        while (Directory.GetFiles(folder, $"{_place.RestartCount}.*").Length < _place.WorldSize)
            Thread.Sleep(10);
    }

    private static void Say(string what) => Teller.Say($"event {_place.Rank} {_place.RestartCount} {what}");
}
