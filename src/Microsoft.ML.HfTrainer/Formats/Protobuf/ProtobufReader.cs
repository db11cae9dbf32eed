using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Formats.Protobuf;

/// <summary>
/// Reads the fields of a protobuf message one after the other, as data: the caller knows the numbers of the fields it wants and passes the
/// others over. Every length is checked against what is left, and nothing is allocated but the text that is asked for.
/// </summary>
/// <param name="message">The bytes of the message.</param>
/// <param name="origin">Where they begin in the file, for messages.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, int origin = 0)
{
    private const int MaxVarintLength = 10;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;
    private int _fieldStart;
    private WireType _type;
    private ulong _number;
    private ReadOnlySpan<byte> _bytes;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Reads the next field; false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">The message is damaged; the error names the byte.</exception>
    public bool Read()
    {
        if (_position == _message.Length)
            return false;
        _fieldStart = _position;
        var tag = ReadVarint();
        if (tag >> 3 is 0 or > 536870911)
            throw Damaged($"the field number {tag >> 3}");
        Field = (int)(tag >> 3);
        _type = (WireType)(tag & 7);
        _bytes = default;
        switch (_type)
        {
            case WireType.Varint:
                _number = ReadVarint();
                break;
            case WireType.Fixed64:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case WireType.Fixed32:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            case WireType.Bytes:
                _bytes = Take(ReadVarint());
                break;
            default:
                throw Damaged($"the wire type {(int)_type}");
        }
        return true;
    }

    /// <summary>The field as an <c>int32</c> or the number of an enumeration.</summary>
    public readonly int AsInt32() => (int)Expect(WireType.Varint)._number;

    /// <summary>The field as a <c>bool</c>.</summary>
    public readonly bool AsFlag() => Expect(WireType.Varint)._number != 0;

    /// <summary>The field as a <c>float</c>.</summary>
    public readonly float AsSingle() => BitConverter.UInt32BitsToSingle((uint)Expect(WireType.Fixed32)._number);

    /// <summary>The field as bytes.</summary>
    public readonly ReadOnlySpan<byte> AsBytes() => Expect(WireType.Bytes)._bytes;

    /// <summary>The field as a message.</summary>
    public readonly ProtobufReader AsMessage() => new(Expect(WireType.Bytes)._bytes, origin + _position - _bytes.Length);

    /// <summary>The field as text.</summary>
    public readonly string AsText()
    {
        try
        {
            return _strict.GetString(Expect(WireType.Bytes)._bytes);
        }
        catch (DecoderFallbackException failure)
        {
            throw new InvalidDataException($"field {Field} at byte {origin + _fieldStart} is not UTF-8 text", failure);
        }
    }

    private readonly ProtobufReader Expect(WireType type) => _type == type
        ? this
        : throw new InvalidDataException($"field {Field} at byte {origin + _fieldStart} is a {_type}, where a {type} belongs");

    private ulong ReadVarint()
    {
        var number = 0UL;
        for (var i = 0; i < MaxVarintLength; i++)
        {
            var part = Take(1)[0];
            number |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
                return number;
        }
        throw Damaged($"a number of more than {MaxVarintLength} bytes");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        var left = _message.Length - _position;
        if (length > (ulong)left)
            throw Damaged($"a value of {length} bytes, of which {left} are there");
        var taken = _message.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    private readonly InvalidDataException Damaged(string found) => new($"byte {origin + _fieldStart} begins {found}");
}
