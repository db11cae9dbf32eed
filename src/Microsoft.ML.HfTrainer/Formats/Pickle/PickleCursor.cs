using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.HfTrainer.Formats.Pickle;

/// <summary>Reads the operands of opcodes; every length is checked against what is left before anything is made of it.</summary>
internal ref struct PickleCursor(ReadOnlySpan<byte> bytes)
{
    // Seeds of generators take a few bytes; no number in a checkpoint takes more than this.
    private const int MaxNumberLength = 1024;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next byte is read.</summary>
    public int Position { get; private set; }

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public byte[] Bytes(long length) => Take(length).ToArray();

    public string Text(long length)
    {
        try
        {
            return _strict.GetString(Take(length));
        }
        catch (DecoderFallbackException failure)
        {
            throw new InvalidDataException("a text is not UTF-8", failure);
        }
    }

    /// <summary>A text up to the end of its line.</summary>
    public string Line()
    {
        var length = _bytes[Position..].IndexOf((byte)'\n');
        if (length < 0)
            throw new InvalidDataException("it ends within a name");
        var line = Text(length);
        Position++;
        return line;
    }

    /// <summary>A whole number of any length in two's complement: a <see cref="long"/> where it fits.</summary>
    public object Number(long length)
    {
        if (length > MaxNumberLength)
            throw new InvalidDataException($"a number of {length} bytes; at most {MaxNumberLength} are read");
        var number = new BigInteger(Take(length));
        return number >= long.MinValue && number <= long.MaxValue ? (long)number : number;
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > _bytes.Length - Position)
            throw new InvalidDataException($"it ends within a value ({length} bytes asked for, {_bytes.Length - Position} left)");
        var taken = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }
}
