using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Microsoft.ML.HfTrainer.Distributed.Launch;

/// <summary>The requests to end that this process receives, one after the other: signals, and a canceled token as SIGTERM.</summary>
internal sealed class SignalQueue : IDisposable
{
    private static readonly PosixSignal[] _heard = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly Channel<PosixSignal> _received = Channel.CreateUnbounded<PosixSignal>();
    private readonly List<IDisposable> _registrations;

    /// <summary>Listens until it is disposed.</summary>
    public SignalQueue(CancellationToken cancellation)
    {
        _registrations = [.. _heard.Select(signal => PosixSignalRegistration.Create(signal, Take)), cancellation.Register(() => _received.Writer.TryWrite(PosixSignal.SIGTERM))];
        Next = Read();
    }

    /// <summary>The next signal.</summary>
    public Task<PosixSignal> Next { get; private set; }

    /// <summary>Takes the next signal, which has come.</summary>
    public PosixSignal Take()
    {
        var signal = Next.Result;
        Next = Read();
        return signal;
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        _received.Writer.TryWrite(context.Signal);
    }

    private Task<PosixSignal> Read() => _received.Reader.ReadAsync().AsTask();
}
