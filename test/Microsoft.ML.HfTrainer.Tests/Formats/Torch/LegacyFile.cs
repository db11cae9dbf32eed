using System.Runtime.InteropServices;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Tests.Formats.Pickle;

namespace Microsoft.ML.HfTrainer.Tests.Formats.Torch;

/// <summary>A file as PyTorch saved before 1.6: five pickles and the storages, one after another.</summary>
internal static class LegacyFile
{
    /// <summary>Every second of six numbers 0 to 5 from the second on.</summary>
    public static byte[] OfOneTensor() => Of(Tensor(new PickleBytes(), "0", 6, 1, [3], [2]), [[0, 1, 2, 3, 4, 5]]);

    /// <summary>The second to fourth of six numbers 0 to 5, by way of a view of a storage, as the first versions of PyTorch wrote them.</summary>
    public static byte[] OfAView(int start = 1, int length = 3) =>
        Of(Tensor(new PickleBytes(), "0", 6, 0, [length], [1], view => view.Op("(").Text("view").Number(start).Number(length).Op("t")), [[0, 1, 2, 3, 4, 5]]);

    /// <summary>The float32 weights of a folder, by name, and under the names of <paramref name="others"/> a number.</summary>
    public static byte[] OfWeights(WeightFiles files, Func<string, string> rename, params string[] others)
    {
        var pickle = new PickleBytes().Op("}(");
        foreach (var (index, entry) in files.Entries.Values.Index())
        {
            int[] shape = [.. entry.Shape.Select(d => (int)d)], strides = [.. shape.Select((_, i) => shape.Skip(i + 1).Aggregate(1, (product, d) => product * d))];
            Tensor(pickle.Text(rename(entry.Name)), $"{index}", shape.Aggregate(1, (product, d) => product * d), 0, shape, strides);
        }
        foreach (var name in others)
            pickle.Text(name).Number(3);
        return Of(pickle.Op("u"), [.. files.Entries.Keys.Select(name => MemoryMarshal.Cast<byte, float>(files.GetBytes(name)).ToArray())]);
    }

    private static byte[] Of(PickleBytes root, float[][] storages)
    {
        var keys = new PickleBytes().Op("]");
        foreach (var (index, _) in storages.Index())
            keys.Text($"{index}").Op("a");
        return
        [
            0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.', .. new PickleBytes().Number(1001).Stop(),
            .. new PickleBytes().Op("}").Text("little_endian").Op([0x88]).Op("s").Stop(), .. root.Stop(), .. keys.Stop(),
            .. storages.SelectMany(values => (byte[])[.. BitConverter.GetBytes((long)values.Length), .. MemoryMarshal.AsBytes<float>(values)]),
        ];
    }

    // Such a storage has a sixth field, for views.
    private static PickleBytes Tensor(PickleBytes pickle, string key, int length, int offset, int[] shape, int[] strides, Action<PickleBytes>? view = null)
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2").Op("((").Text("storage").Global("torch", "FloatStorage").Text(key).Text("cpu").Number(length);
        (view ?? (field => field.Op("N")))(pickle);
        pickle.Op("tQ").Number(offset);
        foreach (var numbers in new[] { shape, strides })
        {
            pickle.Op("(");
            foreach (var number in numbers)
                pickle.Number(number);
            pickle.Op("t");
        }
        return pickle.Op([0x89]).Op("}tR");
    }
}
