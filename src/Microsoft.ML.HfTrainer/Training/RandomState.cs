using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Training;

/// <summary>
/// A stream of random numbers of its own. libtorch draws from one generator of the process; while a stream is in use that generator continues it,
/// and afterwards goes on as if nothing had been drawn.
/// </summary>
internal sealed class RandomState : IDisposable
{
    private Tensor _state;

    public RandomState(int seed)
    {
        using var generator = new Generator((ulong)(long)seed);
        _state = generator.get_state().DetachFromDisposeScope();
    }

    /// <summary>The state as bytes, for a checkpoint.</summary>
    public byte[] ToBytes() => _state.bytes.ToArray();

    /// <summary>Puts the stream in use until what is returned is disposed.</summary>
    public IDisposable Use()
    {
        var outer = get_rng_state().DetachFromDisposeScope();
        set_rng_state(_state);
        return new Usage(this, outer);
    }

    /// <summary>Takes note of how far the stream in use has gone.</summary>
    public void Capture()
    {
        _state.Dispose();
        _state = get_rng_state().DetachFromDisposeScope();
    }

    public void Dispose() => _state.Dispose();

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
