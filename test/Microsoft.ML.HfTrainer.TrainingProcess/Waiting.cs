using System.Runtime.InteropServices;

namespace Microsoft.ML.HfTrainer.TrainingProcess;

/// <summary>Waits after a number of updates until the process is asked to end, so that a request that comes late does not find a run that is complete.</summary>
internal sealed class Waiting : ITrainerCallback, IDisposable
{
    private readonly ManualResetEventSlim _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _left;

    public Waiting(int updates)
    {
        _left = updates;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => _asked.Set()))];
    }

    public void OnStepEnd(CallbackContext context)
    {
        if (--_left == 0)
            _asked.Wait();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _asked.Dispose();
    }
}
