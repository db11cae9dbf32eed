using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Formats.Protobuf;

/// <summary>A Protocol Buffers message, field by field.</summary>
internal sealed class ProtoMessage
{
    // The wire types, which specify how the bytes after a field's key are encoded.
    private const uint Varint = 0, Fixed64 = 1, Counted = 2, Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public ProtoMessage Integer(uint field, ulong value)
    {
        Key(field, Varint);
        Number(value);
        return this;
    }

    public ProtoMessage Double(uint field, double value)
    {
        Key(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
        return this;
    }

    public ProtoMessage Single(uint field, float value)
    {
        Key(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    public ProtoMessage Text(uint field, string value) => Content(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(uint field, ProtoMessage value) => Content(field, value.Bytes);

    private ProtoMessage Content(uint field, ReadOnlySpan<byte> content)
    {
        Key(field, Counted);
        Number((ulong)content.Length);
        _bytes.Write(content);
        return this;
    }

    private void Key(uint field, uint wireType) => Number(field << 3 | wireType);

    // Seven bits per byte, least significant first; the high bit marks that more bytes follow.
    private void Number(ulong value)
    {
        var span = _bytes.GetSpan(10);
        var length = 0;
        for (; value > 0x7f; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
