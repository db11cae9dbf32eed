using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Puts the process's random generator back to where it was when this was made.</summary>
internal sealed class GeneratorState : IDisposable
{
    private readonly Tensor _state = get_rng_state().DetachFromDisposeScope();

    public void Dispose()
    {
        set_rng_state(_state);
        _state.Dispose();
    }
}
