using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using Microsoft.ML.HfTrainer.Formats.Protobuf;

namespace Microsoft.ML.HfTrainer.Reporting.TensorBoard;

/// <summary>
/// A TensorBoard event file: records of length, checksum of the length, content, and checksum of the content. Events that belong together are appended in one write, and
/// the file is not held open, so that they are on disk however the process ends.
/// </summary>
internal sealed class EventFile
{
    private static int _made;

    /// <summary>Creates a file in a folder, which is created if it does not exist.</summary>
    public EventFile(string folder)
    {
        Directory.CreateDirectory(folder);
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var number = Interlocked.Increment(ref _made) - 1;
        Path = System.IO.Path.Combine(folder, $"events.out.tfevents.{seconds:D10}.{Dns.GetHostName()}.{Environment.ProcessId}.{number}");
        Append([EventMessage.Version()]);
    }

    public string Path { get; }

    public void Append(IEnumerable<ProtoMessage> events)
    {
        var records = new ArrayBufferWriter<byte>();
        foreach (var message in events)
            Record(records, message.Bytes);
        using var file = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(records.WrittenSpan);
    }

    private static void Record(ArrayBufferWriter<byte> records, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        records.Write(length);
        Checksum(records, length);
        records.Write(content);
        Checksum(records, content);
    }

    private static void Checksum(ArrayBufferWriter<byte> records, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(records.GetSpan(sizeof(uint)), Checksum(content));
        records.Advance(sizeof(uint));
    }

    /// <summary>Returns the checksum of the format: CRC-32C, rotated and offset, so that the checksum of data that contains checksums is not trivial.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var b in content)
            crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
