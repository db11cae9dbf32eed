using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>
/// An independent stream of random numbers. libtorch draws from one process-wide generator: while a stream is in use, the generator continues that stream; afterwards it
/// continues as if nothing had been drawn.
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

    /// <summary>Returns the state as bytes, for a checkpoint.</summary>
    public byte[] ToBytes() => _state.bytes.ToArray();

    /// <summary>Returns the state at the beginning of the current epoch, from which the order of the epoch is drawn again; null between epochs.</summary>
    public byte[]? EpochStartToBytes() => _epochStart?.bytes.ToArray();

    /// <summary>Puts the stream in use until the result is disposed.</summary>
    public IDisposable Use()
    {
        var outer = get_rng_state().DetachFromDisposeScope();
        set_rng_state(_state);
        return new Usage(this, outer);
    }

    /// <summary>Records the current position of the stream in use.</summary>
    public void Capture() => Replace(ref _state!, get_rng_state());

    /// <summary>Records the beginning of an epoch.</summary>
    public void BeginEpoch() => Replace(ref _epochStart, get_rng_state());

    /// <summary>Records the end of the epoch.</summary>
    public void EndEpoch()
    {
        _epochStart?.Dispose();
        _epochStart = null;
    }

    /// <summary>Continues the stream in use from a saved state.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a state of the generator.</exception>
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
