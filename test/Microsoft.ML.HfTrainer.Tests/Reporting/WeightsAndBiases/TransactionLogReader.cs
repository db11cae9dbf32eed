using System.Buffers.Binary;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.WeightsAndBiases;

/// <summary>A record of a transaction log: the position of its first chunk, the number of its chunks, its content.</summary>
internal sealed record LoggedRecord(int Offset, int Chunks, byte[] Content);

/// <summary>Reads transaction logs by the rules of the format, and checks every checksum and all padding. An incomplete record at the end is passed over.</summary>
internal static class TransactionLogReader
{
    public static List<LoggedRecord> Read(ReadOnlySpan<byte> file)
    {
        Assert.AreEqual("3A572642E1BE00", Convert.ToHexString(file[..Math.Min(7, file.Length)]));
        var (records, content, start, chunks) = (new List<LoggedRecord>(), new List<byte>(), 0, 0);
        for (var position = 7; ;)
        {
            var left = 32768 - position % 32768;
            if (left < 7)
            {
                foreach (var padding in file[Math.Min(position, file.Length)..Math.Min(position + left, file.Length)])
                    Assert.AreEqual(0, padding, "padding");
                position += left;
            }
            if (position + 7 > file.Length)
                return records;
            var (length, type) = (BinaryPrimitives.ReadUInt16LittleEndian(file[(position + 4)..]), file[position + 6]);
            if (position + 7 + length > file.Length)
                return records;
            Assert.AreEqual(Checksum(file.Slice(position + 6, length + 1)), BinaryPrimitives.ReadUInt32LittleEndian(file[position..]), $"checksum at {position}");
            Assert.AreEqual(type is 1 or 2, chunks == 0, $"type {type} at {position}");
            if (chunks++ == 0)
                start = position;
            content.AddRange(file.Slice(position + 7, length));
            position += 7 + length;
            if (type is 1 or 4)
            {
                records.Add(new LoggedRecord(start, chunks, [.. content]));
                content.Clear();
                chunks = 0;
            }
        }
    }

    // CRC-32 bit by bit, by its definition.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }
}
