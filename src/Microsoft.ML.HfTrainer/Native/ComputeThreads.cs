using TorchSharp;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>The threads on which libtorch computes one operation: those of OpenMP, whose number is a setting of the thread that calls libtorch.</summary>
internal static unsafe class ComputeThreads
{
    // The point from which a second thread was faster on two idle cores: 140 tokens of a six-layer encoder of the size 384, about 50 ms on one thread.
    private const double SmallWork = 1.5e9;

    private static readonly delegate* unmanaged<int, void> _set = (delegate* unmanaged<int, void>)TorchLibrary.Find("omp_set_num_threads", "omp_set_num_threads");

    // MKL takes OpenMP's number unless it has one of its own for the thread, which libtorch gives it. It returns the one before.
    private static readonly delegate* unmanaged<int, int> _setMkl = (delegate* unmanaged<int, int>)TorchLibrary.Find("MKL_Set_Num_Threads_Local", "MKL_Set_Num_Threads_Local");

    /// <summary>Limits the calling thread to one thread, until the result is disposed on it, if so little work is faster on one.</summary>
    /// <param name="device">The device that computes.</param>
    /// <param name="multiplications">The number of multiplications of weights, estimated.</param>
    public static Limit For(torch.Device device, double multiplications)
    {
        // The first call on a thread takes over the number of the process.
        if (device.type != DeviceType.CPU || multiplications > SmallWork || torch.get_num_threads() is not (> 1 and var before) || _set is null)
            return default;
        _set(1);
        return new Limit(before, _setMkl is null ? 0 : _setMkl(1));
    }

    internal readonly struct Limit(int before, int beforeMkl) : IDisposable
    {
        public void Dispose()
        {
            if (before == 0)
                return;
            _set(before);
            if (_setMkl is not null)
                _ = _setMkl(beforeMkl);
        }
    }
}
