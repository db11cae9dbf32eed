using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Formats.Protobuf;

/// <summary>Writes protobuf messages field by field, sound or not.</summary>
internal sealed class ProtobufBytes
{
    private readonly List<byte> _bytes = [];

    public ProtobufBytes Number(int field, long value) => Tag(field, 0).Varint((ulong)value);

    public ProtobufBytes Single(int field, float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Tag(field, 5).Raw(bytes);
    }

    public ProtobufBytes Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufBytes Message(int field, ProtobufBytes message) => Bytes(field, message.ToArray());

    public ProtobufBytes Bytes(int field, byte[] value) => Tag(field, 2).Varint((ulong)value.Length).Raw(value);

    public ProtobufBytes Tag(int field, int type) => Varint(((ulong)field << 3) | (uint)type);

    public ProtobufBytes Varint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }

    public ProtobufBytes Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
