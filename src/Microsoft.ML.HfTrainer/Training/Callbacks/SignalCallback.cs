using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>
/// Saves and stops after the running update when the process is asked to end (SIGTERM, Ctrl-C) or the settings' token is cancelled. There while
/// <see cref="TrainingArguments.EnableJitCheckpoint"/> is set.
/// </summary>
internal sealed class SignalCallback : ITrainerCallback, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile string? _request;
    private bool _saved;

    /// <summary>The callback that the settings ask for; none where they do not.</summary>
    public static IEnumerable<ITrainerCallback> For(TrainingArguments args) => args.EnableJitCheckpoint ? [new SignalCallback()] : [];

    public void OnTrainBegin(CallbackContext context)
    {
        Dispose();
        (_request, _saved) = (null, false);
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT })
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
        _registrations.ForEach(registration => registration.Dispose());
        _registrations.Clear();
    }

    // Whoever presses Ctrl-C a second time does not want to wait.
    private void Take(PosixSignalContext context)
    {
        context.Cancel = _request is null || context.Signal == PosixSignal.SIGTERM;
        _request ??= context.Signal == PosixSignal.SIGTERM ? "SIGTERM" : "Ctrl-C";
    }
}
