using System.Buffers;
using System.Buffers.Binary;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;

/// <summary>
/// The transaction log of a run, a <c>.wandb</c> file: a header, then blocks of 32 KiB with records framed as in the logs of LevelDB, but checked by CRC-32. The file is
/// not held open and each record is appended in one write, so that a process that is killed leaves at most an incomplete last record.
/// </summary>
/// <param name="path">The file, which is created with the first record.</param>
internal sealed class TransactionLog(string path)
{
    private const int BlockSize = 32768, ChunkHeaderSize = 7;
    private const byte Full = 1, First = 2, Middle = 3, Last = 4;

    private static readonly byte[] _header = [.. ":W&B"u8, 0xE1, 0xBE, 0];

    // Records that could not be written yet, because the disk is full, for example.
    private readonly List<byte[]> _pending = [];
    private long _end;

    public string Path => path;

    /// <summary>Appends a record. If this fails, the file has it after the next call.</summary>
    public void Append(ReadOnlySpan<byte> record)
    {
        _pending.Add(record.ToArray());
        var bytes = new ArrayBufferWriter<byte>();
        if (_end == 0)
            bytes.Write(_header);
        foreach (var pending in _pending)
            Frame(bytes, _end, pending);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.SetLength(_end);
            file.Seek(_end, SeekOrigin.Begin);
            file.Write(bytes.WrittenSpan);
        }
        _end += bytes.WrittenCount;
        _pending.Clear();
    }

    // Divides a record into chunks, none of which crosses the end of a block.
    private static void Frame(ArrayBufferWriter<byte> bytes, long start, ReadOnlySpan<byte> record)
    {
        for (var begun = false; ; begun = true)
        {
            var left = BlockSize - (int)((start + bytes.WrittenCount) % BlockSize);
            if (left < ChunkHeaderSize)
            {
                bytes.Write(new byte[left]);
                left = BlockSize;
            }
            var content = record[..Math.Min(record.Length, left - ChunkHeaderSize)];
            record = record[content.Length..];
            var ends = record.IsEmpty;
            Chunk(bytes, (begun, ends) switch { (false, true) => Full, (false, false) => First, (true, false) => Middle, _ => Last }, content);
            if (ends)
                return;
        }
    }

    private static void Chunk(ArrayBufferWriter<byte> bytes, byte type, ReadOnlySpan<byte> content)
    {
        var chunk = bytes.GetSpan(ChunkHeaderSize + content.Length)[..(ChunkHeaderSize + content.Length)];
        chunk[6] = type;
        content.CopyTo(chunk[ChunkHeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, Crc32.Of(chunk[6..]));
        BinaryPrimitives.WriteUInt16LittleEndian(chunk[4..], (ushort)content.Length);
        bytes.Advance(chunk.Length);
    }
}
