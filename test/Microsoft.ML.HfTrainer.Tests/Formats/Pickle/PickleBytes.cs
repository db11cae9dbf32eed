using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Formats.Pickle;

/// <summary>Writes pickles opcode by opcode, wrong ones too.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [0x80, 2];

    public PickleBytes Op(params byte[] opcodes)
    {
        _bytes.AddRange(opcodes);
        return this;
    }

    public PickleBytes Op(string opcodes) => Op(Encoding.Latin1.GetBytes(opcodes));

    public PickleBytes Text(string text) => Op("X").Int32(Encoding.UTF8.GetByteCount(text)).Op(Encoding.UTF8.GetBytes(text));

    public PickleBytes Number(int number) => Op("J").Int32(number);

    public PickleBytes Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBytes Int32(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return Op(bytes.ToArray());
    }

    /// <summary>A tensor over the storage <c>0</c>, as <c>torch.save</c> describes it.</summary>
    public PickleBytes Tensor(int storageLength, int offset, int[] shape, int[] strides, string storage = "FloatStorage")
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op("((").Text("storage").Global("torch", storage).Text("0").Text("cpu").Number(storageLength).Op("tQ").Number(offset);
        foreach (var numbers in new[] { shape, strides })
        {
            Op("(");
            foreach (var number in numbers)
                Number(number);
            Op("t");
        }
        return Op([0x89]).Global("collections", "OrderedDict").Op(")RtR");
    }

    public byte[] Stop() => [.. _bytes, (byte)'.'];
}
