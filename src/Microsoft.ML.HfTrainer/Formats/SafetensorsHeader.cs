using System.Collections.ObjectModel;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>
/// The JSON at the head of a safetensors file, checked to the last byte. It may come from anyone: time grows with its length (times the
/// logarithm of the number of tensors), memory with its length, and nothing recurses.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const int MaxLength = 100_000_000;

    public const string MetadataKey = "__metadata__";

    // Tensor, field, value: three levels are enough, the others leave room for fields that a later version of the format may add.
    private const int MaxDepth = 16;

    private SafetensorsHeader(OrderedDictionary<string, string> metadata, OrderedDictionary<string, SafetensorsEntry> entries)
    {
        Metadata = new ReadOnlyDictionary<string, string>(metadata);
        Entries = new ReadOnlyDictionary<string, SafetensorsEntry>(entries);
    }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <param name="file">The name that messages give.</param>
    /// <param name="json">The header without the eight bytes of its length.</param>
    /// <param name="dataLength">How many bytes follow the header.</param>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            string found = json.IsEmpty ? "is empty" : $"starts with the byte 0x{json[0]:x2}";
            throw new InvalidDataException($"{file}: the header {found}; it must be a JSON object that starts with '{{' (0x7b).");
        }

        return StrictJson.Read($"{file}: the header", json, (ref reader) => ReadRoot(ref reader, file, dataLength), MaxDepth);
    }

    private static SafetensorsHeader ReadRoot(ref Utf8JsonReader reader, string file, long dataLength)
    {
        OrderedDictionary<string, string>? metadata = null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<SafetensorsEntry>();

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonText.ReadString(ref reader);
            reader.Read();
            if (name == MetadataKey)
            {
                if (metadata is not null)
                {
                    throw new InvalidDataException($"{file}: {MetadataKey} stands in the header twice; it may stand there once.");
                }

                metadata = JsonText.ReadStringMap(ref reader, file, MetadataKey);
            }
            else if (names.Add(name))
            {
                entries.Add(SafetensorsEntryReader.Read(ref reader, file, name, dataLength));
            }
            else
            {
                throw new InvalidDataException($"{file}: tensor {JsonText.Show(name)} stands in the header twice; every name may stand there once.");
            }
        }

        return new SafetensorsHeader(metadata ?? [], InFileOrder(file, entries, dataLength));
    }

    /// <summary>
    /// Every byte of the data must belong to one tensor: what lies in a hole, an overlap or behind the end could make the file pass for a
    /// file of another kind.
    /// </summary>
    private static OrderedDictionary<string, SafetensorsEntry> InFileOrder(string file, List<SafetensorsEntry> entries, long dataLength)
    {
        var ordered = new OrderedDictionary<string, SafetensorsEntry>(entries.Count, StringComparer.Ordinal);
        SafetensorsEntry? previous = null;
        long end = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteLength))
        {
            if (entry.Offset != end)
            {
                string before = previous is null ? "the data starts at 0" : $"tensor {JsonText.Show(previous.Name)} before it ends at {end}";
                string fault = entry.Offset < end ? "tensors may not overlap" : "there may be no hole between tensors";
                throw new InvalidDataException($"{file}: tensor {JsonText.Show(entry.Name)} begins at {entry.Offset}, but {before}; {fault}.");
            }

            end = entry.Offset + entry.ByteLength;
            previous = entry;
            ordered.Add(entry.Name, entry);
        }

        if (end != dataLength)
        {
            string last = previous is null ? "the header names no tensor" : $"the last tensor, {JsonText.Show(previous.Name)}, ends at {end}";
            throw new InvalidDataException(
                $"{file}: {dataLength} bytes follow the header, but {last}; no bytes may trail after the last tensor.");
        }

        return ordered;
    }
}
