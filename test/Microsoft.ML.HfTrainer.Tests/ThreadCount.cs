using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Tests;

/// <summary>Lets libtorch compute with so many threads until it is disposed.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _before = get_num_threads();

    public ThreadCount(int count) => set_num_threads(count);

    public void Dispose() => set_num_threads(_before);
}
