using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>
/// The request to end a run: a canceled token and, if <see cref="TrainingArguments.EnableJitCheckpoint"/> is set, SIGTERM or Ctrl-C; on Windows also a closed console
/// window and the end of the session. A second Ctrl-C ends the process at once.
/// </summary>
internal sealed class StopRequest : IDisposable
{
    // .NET reports a closed console window as SIGHUP on Windows. On a terminal elsewhere it is left alone, so that nohup works.
    private static readonly PosixSignal[] _heard =
        OperatingSystem.IsWindows() ? [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP] : [PosixSignal.SIGTERM, PosixSignal.SIGINT];

    private readonly CancellationToken _given;
    private readonly ManualResetEventSlim _ended = new();
    private readonly CancellationTokenSource? _any;
    private readonly List<PosixSignalRegistration> _signals = [];
    private volatile string? _signal;

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="cancellation">The token of the user.</param>
    public StopRequest(TrainingArguments args, CancellationToken cancellation)
    {
        _given = cancellation;
        if (!args.EnableJitCheckpoint)
            return;
        _any = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        foreach (var signal in _heard)
            _signals.Add(PosixSignalRegistration.Create(signal, Take));
    }

    /// <summary>The token of all requests.</summary>
    public CancellationToken Token => _any?.Token ?? _given;

    /// <summary>Returns the exception that ends the run.</summary>
    /// <param name="outcome">What was trained and where it is saved.</param>
    /// <param name="cause">The exception that interrupted the run.</param>
    public OperationCanceledException Exception(string outcome, OperationCanceledException cause) =>
        new($"{_signal ?? "Cancellation"} ended training {outcome}", cause, _given.IsCancellationRequested ? _given : cause.CancellationToken);

    public void Dispose()
    {
        _ended.Set();
        _signals.ForEach(registration => registration.Dispose());
        _any?.Dispose();
    }

    internal void Take(PosixSignalContext context)
    {
        context.Cancel = _signal is null || context.Signal != PosixSignal.SIGINT;
        _signal ??= context.Signal switch
        {
            PosixSignal.SIGINT => "Ctrl-C",
            PosixSignal.SIGHUP => "A closed console window",
            _ => "SIGTERM",
        };
        try
        {
            _any!.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended.
        }
        // Windows ends the process when this returns, whatever it answers, and about five seconds after the window was closed in any case.
        if (OperatingSystem.IsWindows() && context.Signal != PosixSignal.SIGINT)
            _ended.Wait();
    }
}
