using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>
/// Saves a checkpoint and stops after the current update when the process receives SIGTERM or Ctrl-C or the token is canceled; on Windows also when the console window is
/// closed or the system shuts down. Used if <see cref="TrainingArguments.EnableJitCheckpoint"/> is set.
/// </summary>
internal sealed class SignalCallback : ITrainerCallback, IDisposable
{
    // .NET reports a closed console window as SIGHUP on Windows. On a terminal elsewhere it is left alone, so that nohup works.
    private static readonly PosixSignal[] _signals =
        OperatingSystem.IsWindows() ? [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP] : [PosixSignal.SIGTERM, PosixSignal.SIGINT];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly ManualResetEventSlim _ended = new();
    private volatile string? _request;
    private bool _saved;

    /// <summary>Creates the callback if the arguments ask for it.</summary>
    public static IEnumerable<ITrainerCallback> For(TrainingArguments args) => args.EnableJitCheckpoint ? [new SignalCallback()] : [];

    public void OnTrainBegin(CallbackContext context)
    {
        Dispose();
        (_request, _saved) = (null, false);
        _ended.Reset();
        foreach (var signal in _signals)
            _registrations.Add(PosixSignalRegistration.Create(signal, Take));
    }

    public void OnStepEnd(CallbackContext context)
    {
        if (_request is null && context.Trainer.Cancellation.IsCancellationRequested)
            _request = "A cancelled token";
        if (_request is not { } request)
            return;
        context.Control.ShouldSave = context.Control.ShouldTrainingStop = true;
        context.Trainer.Logger.Info($"{request} asks training to end: it stops after update {context.State.GlobalStep}"
            + (context.Arguments.OutputDir is null ? "; without TrainingArguments.OutputDir no checkpoint is written." : ", with a checkpoint."));
    }

    public void OnEpochEnd(CallbackContext context)
    {
        if (_request is not null && !_saved)
            context.Control.ShouldSave = context.Control.ShouldTrainingStop = true;
    }

    public void OnSave(CallbackContext context) => _saved = _request is not null;

    public void OnTrainEnd(CallbackContext context) => Dispose();

    public void Dispose()
    {
        _ended.Set();
        _registrations.ForEach(registration => registration.Dispose());
        _registrations.Clear();
    }

    // A second Ctrl-C ends the process at once.
    internal void Take(PosixSignalContext context)
    {
        context.Cancel = _request is null || context.Signal != PosixSignal.SIGINT;
        _request ??= context.Signal switch
        {
            PosixSignal.SIGINT => "Ctrl-C",
            PosixSignal.SIGHUP => "A closed console window",
            _ => "SIGTERM",
        };
        // Windows ends the process when this returns, whatever it answers, and about five seconds after the window was closed in any case.
        if (OperatingSystem.IsWindows() && context.Signal != PosixSignal.SIGINT)
            _ended.Wait();
    }
}
