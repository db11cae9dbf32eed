using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>Reads one tensor of a header: <c>{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}</c>.</summary>
internal static class SafetensorsEntryReader
{
    // What NumPy and PyTorch's operators can hold. Without a bound, a header of "1,1,1,..." would grow fourfold in memory.
    private const int MaxRank = 64;

    public static SafetensorsEntry Read(ref Utf8JsonReader reader, string file, string name, long dataLength)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad(file, name, $"is {JsonText.ShowToken(ref reader)}; it must be an object with dtype, shape and data_offsets");
        }

        Span<long> dimensions = stackalloc long[MaxRank];
        SafetensorsDType? dtype = null;
        long[]? shape = null;
        (long Begin, long End)? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                RefuseSecond(dtype is not null, file, name, "dtype");
                dtype = ReadDType(ref reader, file, name);
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                RefuseSecond(shape is not null, file, name, "shape");
                int rank = ReadIntegers(ref reader, file, name, "shape", dimensions);
                shape = dimensions[..rank].ToArray();
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                RefuseSecond(offsets is not null, file, name, "data_offsets");
                offsets = ReadOffsets(ref reader, file, name, dataLength);
            }
            else
            {
                // The Hugging Face library ignores unknown fields.
                reader.Skip();
            }
        }

        if (dtype is null || shape is null || offsets is null)
        {
            string missing = dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw Bad(file, name, $"has no {missing}; a tensor must have dtype, shape and data_offsets");
        }

        long length = offsets.Value.End - offsets.Value.Begin;
        RequireLength(file, name, dtype.Value, shape, length);
        return new SafetensorsEntry(name, dtype.Value, Array.AsReadOnly(shape), offsets.Value.Begin, length);
    }

    private static SafetensorsDType ReadDType(ref Utf8JsonReader reader, string file, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && SafetensorsDTypes.TryRead(ref reader, out SafetensorsDType dtype))
        {
            return dtype;
        }

        throw Bad(file, name, $"has {JsonText.ShowToken(ref reader)} as dtype, which is unknown; known are {SafetensorsDTypes.KnownNames}");
    }

    private static (long Begin, long End) ReadOffsets(ref Utf8JsonReader reader, string file, string name, long dataLength)
    {
        Span<long> offsets = stackalloc long[2];
        int count = ReadIntegers(ref reader, file, name, "data_offsets", offsets);
        if (count != 2)
        {
            throw Bad(file, name, $"has {count} numbers in data_offsets; they must be two, begin and end");
        }

        if (offsets[0] > offsets[1])
        {
            throw Bad(file, name, $"has the data_offsets [{offsets[0]}, {offsets[1]}]; begin may not lie after end");
        }

        if (offsets[1] > dataLength)
        {
            throw Bad(file, name, $"has the data_offsets [{offsets[0]}, {offsets[1]}], but only {dataLength} bytes follow the header; "
                + "the file is truncated, or its header is not its own");
        }

        return (offsets[0], offsets[1]);
    }

    private static int ReadIntegers(ref Utf8JsonReader reader, string file, string name, string field, scoped Span<long> room)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Bad(file, name, $"has {JsonText.ShowToken(ref reader)} as {field}; it must be an array of whole numbers");
        }

        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value) || value < 0)
            {
                throw Bad(file, name, $"has {JsonText.ShowToken(ref reader)} in {field}; it must be a whole number from 0 to {long.MaxValue}");
            }

            if (count == room.Length)
            {
                throw Bad(file, name, $"has more than {room.Length} numbers in {field}; that is the most it may have");
            }

            room[count++] = value;
        }

        return count;
    }

    private static void RequireLength(string file, string name, SafetensorsDType dtype, long[] shape, long length)
    {
        long bits;
        try
        {
            bits = dtype.BitLength(shape);
        }
        catch (OverflowException exception)
        {
            throw Bad(file, name, $"is {Described()}, whose size overflows 64 bits; the shape must be wrong", exception);
        }

        if (bits % 8 != 0)
        {
            throw Bad(file, name, $"is {Described()}, which takes {bits} bits; a tensor must fill whole bytes");
        }

        if (bits / 8 != length)
        {
            throw Bad(file, name, $"is {Described()}, which takes {bits / 8} bytes, but its data_offsets span {length}");
        }

        string Described() => $"{dtype.Name()} of shape [{string.Join(", ", shape)}]";
    }

    private static void RefuseSecond(bool second, string file, string name, string field)
    {
        if (second)
        {
            throw Bad(file, name, $"has {field} twice; a field may stand there once");
        }
    }

    private static InvalidDataException Bad(string file, string name, string fault, Exception? cause = null) =>
        new($"{file}: tensor {JsonText.Show(name)} {fault}.", cause);
}
