using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Reporting;

namespace Microsoft.ML.HfTrainer.Training.Callbacks;

/// <summary>
/// Saves a checkpoint and stops after the current update when the process receives SIGTERM or Ctrl-C or the token is canceled. Used if
/// <see cref="TrainingArguments.EnableJitCheckpoint"/> is set.
/// </summary>
internal sealed class SignalCallback : ITrainerCallback, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile string? _request;
    private bool _saved;

    /// <summary>Creates the callback if the arguments ask for it.</summary>
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

    // A second Ctrl-C ends the process at once.
    private void Take(PosixSignalContext context)
    {
        context.Cancel = _request is null || context.Signal == PosixSignal.SIGTERM;
        _request ??= context.Signal == PosixSignal.SIGTERM ? "SIGTERM" : "Ctrl-C";
    }
}
