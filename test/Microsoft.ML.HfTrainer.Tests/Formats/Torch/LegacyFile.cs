using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Tests.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Tests.Formats.Torch;

/// <summary>A file as PyTorch saved before 1.6: five pickles and the storages, one after another.</summary>
internal static class LegacyFile
{
    /// <summary>Every second of six numbers 0 to 5 from the second on; given a name, a dictionary with the tensor under it.</summary>
    public static byte[] OfOneTensor() =>
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.', .. new PickleBytes().Number(1001).Stop(),
        .. new PickleBytes().Op("}").Text("little_endian").Op([0x88]).Op("s").Stop(), .. Tensor(), .. new PickleBytes().Op("]").Text("0").Op("a").Stop(),
        6, 0, 0, 0, 0, 0, 0, 0, .. MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4, 5]),
    ];

    // Such a storage has a sixth field, for views.
    private static byte[] Tensor() => new PickleBytes().Global("torch._utils", "_rebuild_tensor_v2").Op("((").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(6)
        .Op("NtQ").Number(1).Op("(").Number(3).Op("t(").Number(2).Op("t").Op([0x89]).Op("}tR").Stop();
}
