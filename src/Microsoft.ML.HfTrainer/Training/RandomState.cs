using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>
/// A stream of random numbers of its own. libtorch draws from one generator of the process; while a stream is in use that generator continues it,
/// and afterwards goes on as if nothing had been drawn.
/// </summary>
internal sealed class RandomState : IDisposable
{
    private Tensor _state;
    private Tensor? _epochStart;

    public RandomState(int seed)
    {
        using var generator = new Generator((ulong)(long)seed);
        _state = generator.get_state().DetachFromDisposeScope();
    }

    /// <summary>The state as bytes, for a checkpoint.</summary>
    public byte[] ToBytes() => _state.bytes.ToArray();

    /// <summary>The state where the running epoch began, from which the epoch's order is drawn again; null between epochs.</summary>
    public byte[]? EpochStartToBytes() => _epochStart?.bytes.ToArray();

    /// <summary>Puts the stream in use until what is returned is disposed.</summary>
    public IDisposable Use()
    {
        var outer = get_rng_state().DetachFromDisposeScope();
        set_rng_state(_state);
        return new Usage(this, outer);
    }

    /// <summary>Takes note of how far the stream in use has gone.</summary>
    public void Capture() => Replace(ref _state!, get_rng_state());

    /// <summary>An epoch begins here.</summary>
    public void BeginEpoch() => Replace(ref _epochStart, get_rng_state());

    /// <summary>The epoch is over.</summary>
    public void EndEpoch()
    {
        _epochStart?.Dispose();
        _epochStart = null;
    }

    /// <summary>The stream in use goes on from a saved state.</summary>
    /// <exception cref="InvalidDataException">It is no state of the generator.</exception>
    public void Restore(byte[] saved)
    {
        if (saved.Length != _state.numel())
            throw new InvalidDataException($"The random state has {saved.Length} bytes; it should have {_state.numel()}.");
        using var state = tensor(saved);
        set_rng_state(state);
        Capture();
    }

    public void Dispose()
    {
        _state.Dispose();
        _epochStart?.Dispose();
    }

    private static void Replace(ref Tensor? old, Tensor state)
    {
        old?.Dispose();
        old = state.DetachFromDisposeScope();
    }

    private sealed class Usage(RandomState stream, Tensor outer) : IDisposable
    {
        public void Dispose()
        {
            stream.Capture();
            set_rng_state(outer);
            outer.Dispose();
        }
    }
}
