using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.TensorBoard;

/// <summary>An event of a TensorBoard file: what TensorBoard would see of it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Version">The version of the file, in its first event.</param>
/// <param name="Writer">What wrote the file, in its first event.</param>
/// <param name="Session">The session status: 1, a start.</param>
/// <param name="Tag">The tag of a value.</param>
/// <param name="Scalar">A value that is a number.</param>
/// <param name="Text">A value that is a tensor of texts.</param>
/// <param name="Shape">The shape of the tensor.</param>
/// <param name="Plugin">The plugin that the value says it is for.</param>
internal sealed record LoggedEvent(long Step, string? Version, string? Writer, ulong? Session, string? Tag, float? Scalar, string? Text, string? Shape, string? Plugin);

/// <summary>Reads event files with code of its own, checksums included.</summary>
internal static class EventFileReader
{
    public static List<LoggedEvent> Read(string file)
    {
        var events = new List<LoggedEvent>();
        var bytes = File.ReadAllBytes(file).AsSpan();
        while (bytes.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.AreEqual(Masked(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), "checksum of a length");
            var content = bytes.Slice(12, length);
            Assert.AreEqual(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]), "checksum of an event");
            events.AddRange(Events(ProtoField.Read(content.ToArray())));
            bytes = bytes[(16 + length)..];
        }
        return events;
    }

    /// <summary>The files of a folder, in the order in which they were made.</summary>
    public static string[] FilesOf(string folder) => [.. Directory.GetFiles(folder, "events.out.tfevents.*").OrderBy(file => int.Parse(file.Split('.')[^1]))];

    private static IEnumerable<LoggedEvent> Events(List<ProtoField> fields)
    {
        // Each event has a time.
        Assert.IsGreaterThan(1e9, BitConverter.Int64BitsToDouble((long)fields.Single(f => f.Number == 1).Value));
        var step = (long)(fields.Find(f => f.Number == 2)?.Value ?? 0);
        var session = fields.Find(f => f.Number == 7) is { } log ? ProtoField.Read(log.Bytes).Single(f => f.Number == 1).Value : (ulong?)null;
        if (fields.Find(f => f.Number == 5) is not { } summary)
        {
            var writer = fields.Find(f => f.Number == 10) is { } source ? TextOf(ProtoField.Read(source.Bytes), 1) : null;
            yield return new LoggedEvent(step, TextOf(fields, 3), writer, session, null, null, null, null, null);
            yield break;
        }
        foreach (var value in ProtoField.Read(summary.Bytes).Select(f => ProtoField.Read(f.Bytes)))
        {
            var scalar = value.Find(f => f.Number == 2) is { } number ? BitConverter.UInt32BitsToSingle((uint)number.Value) : (float?)null;
            var tensor = value.Find(f => f.Number == 8) is { } found ? ProtoField.Read(found.Bytes) : [];
            var shape = tensor.Find(f => f.Number == 2) is { } dimensions
                ? string.Join(",", ProtoField.Read(dimensions.Bytes).Select(d => ProtoField.Read(d.Bytes).Single(f => f.Number == 1).Value)) + $" of type {tensor.Single(f => f.Number == 1).Value}"
                : null;
            var plugin = value.Find(f => f.Number == 9) is { } metadata ? TextOf(ProtoField.Read(ProtoField.Read(metadata.Bytes).Single(f => f.Number == 1).Bytes), 1) : null;
            yield return new LoggedEvent(step, null, null, session, TextOf(value, 1), scalar, TextOf(tensor, 8), shape, plugin);
        }
    }

    private static string? TextOf(List<ProtoField> fields, uint number) => fields.Find(f => f.Number == number) is { } field ? Encoding.UTF8.GetString(field.Bytes) : null;

    // CRC-32C bit by bit, by its definition.
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
