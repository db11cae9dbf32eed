using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>Where each tensor will lie and what the header will say, known before the first byte is written.</summary>
internal sealed class SafetensorsPlan
{
    private const int HeaderAlignment = 8;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SafetensorsPlan(List<(SafetensorsTensor Tensor, long ByteLength)> tensors, ReadOnlyMemory<byte> header)
    {
        Tensors = tensors;
        Header = header;
    }

    /// <summary>In the order in which they are written.</summary>
    public IReadOnlyList<(SafetensorsTensor Tensor, long ByteLength)> Tensors { get; }

    /// <summary>Padded, without the eight bytes of its length.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    public long FileLength => sizeof(ulong) + Header.Length + Tensors.Sum(item => item.ByteLength);

    public static SafetensorsPlan Make(IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var sized = new List<(SafetensorsTensor Tensor, long ByteLength, byte[] Name)>();
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (tensor.Name == SafetensorsHeader.MetadataKey || !names.Add(tensor.Name))
            {
                throw new ArgumentException(
                    $"A tensor is named {JsonText.Show(tensor.Name)}; names must differ, and {SafetensorsHeader.MetadataKey} is the format's own.",
                    nameof(tensors));
            }

            sized.Add((tensor, ByteLength(tensor), Utf8(tensor.Name)));
        }

        // The Hugging Face library sorts by type and then by the bytes of the name: not the order of UTF-16 code units where astral characters occur.
        sized.Sort((left, right) => left.Tensor.DType != right.Tensor.DType
            ? right.Tensor.DType.CompareTo(left.Tensor.DType)
            : left.Name.AsSpan().SequenceCompareTo(right.Name));

        List<(SafetensorsTensor Tensor, long ByteLength)> planned = sized.ConvertAll(item => (item.Tensor, item.ByteLength));
        ReadOnlyMemory<byte> header = WriteHeader(planned, metadata);
        return header.Length <= SafetensorsHeader.MaxLength
            ? new SafetensorsPlan(planned, header)
            : throw new ArgumentException(
                $"The header would have {header.Length} bytes; the format allows {SafetensorsHeader.MaxLength}. Write fewer tensors to a file.",
                nameof(tensors));
    }

    private static ReadOnlyMemory<byte> WriteHeader(
        List<(SafetensorsTensor Tensor, long ByteLength)> tensors,
        IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new ArrayBufferWriter<byte>();

        // Only what JSON demands is escaped, as the Hugging Face library does: the default would turn '<' or an umlaut into an escape sequence.
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(
                        Utf8(key),
                        Utf8(value ?? throw new ArgumentException($"The metadata under {JsonText.Show(key)} is null.", nameof(metadata))));
                }

                json.WriteEndObject();
            }

            WriteEntries(json, tensors);
            json.WriteEndObject();
        }

        // Padding the header aligns the data, which lets readers view it in place.
        int padding = -header.WrittenCount & (HeaderAlignment - 1);
        header.GetSpan(HeaderAlignment)[..padding].Fill((byte)' ');
        header.Advance(padding);
        return header.WrittenMemory;
    }

    private static void WriteEntries(Utf8JsonWriter json, List<(SafetensorsTensor Tensor, long ByteLength)> tensors)
    {
        long offset = 0;
        foreach ((SafetensorsTensor tensor, long byteLength) in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype"u8, tensor.DType.Name());
            json.WriteStartArray("shape"u8);
            foreach (long dimension in tensor.Shape)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets"u8);
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset = checked(offset + byteLength));
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static long ByteLength(SafetensorsTensor tensor)
    {
        if (!SafetensorsDTypes.IsDefined(tensor.DType) || tensor.Shape.Any(dimension => dimension < 0))
        {
            throw new ArgumentException($"{Described()} cannot be: the type must be of the format, and no dimension negative.", "tensors");
        }

        long bits;
        try
        {
            bits = tensor.DType.BitLength([.. tensor.Shape]);
        }
        catch (OverflowException exception)
        {
            throw new ArgumentException($"{Described()} cannot be: its size overflows 64 bits.", "tensors", exception);
        }

        return bits % 8 == 0 ? bits / 8 : throw new ArgumentException($"{Described()} takes {bits} bits; a tensor must fill whole bytes.", "tensors");

        string Described() => $"Tensor {JsonText.Show(tensor.Name)} of type {tensor.DType} and shape [{string.Join(", ", tensor.Shape)}]";
    }

    private static byte[] Utf8(string text)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"{JsonText.Show(text)} is not valid Unicode text: half of a surrogate pair stands alone.", exception);
        }
    }
}
