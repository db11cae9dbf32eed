using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HfTrainer.Tests.Formats;

/// <summary>Files put together by hand, so that what the reader accepts is not decided by the writer.</summary>
internal static class SafetensorsBytes
{
    public static byte[] File(string header, int dataLength = 0, ulong? headerLength = null) =>
        File(Encoding.UTF8.GetBytes(header), Enumerable.Range(0, dataLength).Select(i => (byte)i).ToArray(), headerLength);

    public static byte[] File(byte[] header, byte[] data, ulong? headerLength = null)
    {
        byte[] prefix = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength ?? (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }

    public static byte[] Written(IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    public static string HeaderOf(byte[] file) => Encoding.UTF8.GetString(file, sizeof(ulong), (int)BinaryPrimitives.ReadUInt64LittleEndian(file));

    public static IEnumerable<SafetensorsTensor> TensorsOf(SafetensorsFile file) =>
        file.Entries.Values.Select(entry => new SafetensorsTensor(entry.Name, entry.DType, entry.Shape, stream => file.CopyTo(entry.Name, stream)));

    public static SafetensorsTensor Tensor(string name, SafetensorsDType dtype, long[] shape, int byteLength) =>
        new(name, dtype, shape, Enumerable.Range(1, byteLength).Select(i => (byte)i).ToArray());
}
