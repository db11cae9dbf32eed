using System.Buffers.Binary;

namespace Microsoft.ML.HfTrainer.Tests.Reporting;

/// <summary>A field of a Protocol Buffers message, read by the rules of the encoding: its number, and its value as a number or as bytes.</summary>
internal sealed record ProtoField(uint Number, ulong Value, byte[] Bytes)
{
    public static List<ProtoField> Read(byte[] message)
    {
        var (fields, position) = (new List<ProtoField>(), 0);
        while (position < message.Length)
        {
            var key = Varint(message, ref position);
            ulong value = 0;
            byte[] bytes = [];
            switch (key & 7)
            {
                case 0: value = Varint(message, ref position); break;
                case 1: value = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(position)); position += 8; break;
                case 5: value = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(position)); position += 4; break;
                case 2:
                    var length = (int)Varint(message, ref position);
                    bytes = message[position..(position + length)];
                    position += length;
                    break;
                default: Assert.Fail($"wire type {key & 7}"); break;
            }
            fields.Add(new ProtoField((uint)(key >> 3), value, bytes));
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[position++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
