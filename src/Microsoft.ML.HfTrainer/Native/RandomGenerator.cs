using System.Buffers.Binary;
using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HfTrainer.Native;

/// <summary>A random number generator that libtorch keeps for the process: that of the CPU, or that of a GPU. Operators that are given no generator draw from the one of their device.</summary>
internal abstract class RandomGenerator
{
    private static readonly ConcurrentDictionary<int, CudaGenerator> _gpus = [];

    /// <summary>Its name in checkpoints, which is that of Hugging Face: <c>cpu</c> or <c>cuda</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The number of the GPU; 0 for the CPU.</summary>
    public virtual int Index => 0;

    /// <summary>The current position.</summary>
    public abstract byte[] State { get; set; }

    /// <summary>The stream that it currently continues; null for that of the process. See <see cref="RandomState"/>.</summary>
    public RandomState? Owner { get; set; }

    /// <summary>The position of the stream of the process while another one is in use.</summary>
    public byte[]? ProcessState { get; set; }

    /// <summary>The generator of the CPU.</summary>
    public static RandomGenerator Cpu { get; } = new CpuGenerator();

    /// <summary>The generators that a computation on a device draws from.</summary>
    public static IReadOnlyList<RandomGenerator> Of(Device device) =>
        device.type == DeviceType.CUDA ? [Cpu, _gpus.GetOrAdd(Math.Max(device.index, 0), index => new CudaGenerator(index))] : [Cpu];

    /// <summary>Returns the position at which a seed puts such a generator.</summary>
    public abstract byte[] Seeded(long seed);
}

/// <summary>The Mersenne Twister of the CPU.</summary>
internal sealed class CpuGenerator : RandomGenerator
{
    public override string Name => "cpu";

    public override byte[] State
    {
        get
        {
            using var state = get_rng_state();
            return state.bytes.ToArray();
        }
        set
        {
            using var state = tensor(value);
            set_rng_state(state);
        }
    }

    public override byte[] Seeded(long seed)
    {
        using var generator = new Generator((ulong)seed);
        using var state = generator.get_state();
        return state.bytes.ToArray();
    }
}

/// <summary>The generator of a GPU, which TorchSharp can seed but does not expose. Its position is the seed and the number of values drawn.</summary>
internal sealed unsafe class CudaGenerator(int index) : RandomGenerator
{
    private static readonly delegate* unmanaged<int, nint> _ofDevice = (delegate* unmanaged<int, nint>)TorchLibrary.Function(
        "_ZN2at4cuda6detail23getDefaultCUDAGeneratorEa", "?getDefaultCUDAGenerator@detail@cuda@at@@YAAEBUGenerator@3@C@Z");

    private static readonly delegate* unmanaged<nint, nint> _getState = (delegate* unmanaged<nint, nint>)Bridge("THSGenerator_get_rng_state");
    private static readonly delegate* unmanaged<nint, nint, void> _setState = (delegate* unmanaged<nint, nint, void>)Bridge("THSGenerator_set_rng_state");

    public override string Name => "cuda";

    public override int Index => index;

    public override byte[] State
    {
        get
        {
            using var state = Tensor.UnsafeCreateTensor(_getState(_ofDevice(index)));
            return state.bytes.ToArray();
        }
        set
        {
            using var state = tensor(value);
            _setState(_ofDevice(index), state.Handle);
        }
    }

    public override byte[] Seeded(long seed) => SeededState(seed);

    /// <summary>The layout of the state: the seed and the offset, 64 bits each.</summary>
    internal static byte[] SeededState(long seed)
    {
        var state = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(state, seed);
        return state;
    }

    private static nint Bridge(string name) => TorchLibrary.Function(name, name);
}
