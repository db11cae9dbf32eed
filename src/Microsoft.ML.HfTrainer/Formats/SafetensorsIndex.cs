using System.Collections.ObjectModel;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>
/// The index of a model that is split into several safetensors files (<c>model.safetensors.index.json</c>). It maps each tensor to the file that
/// contains it.
/// </summary>
internal sealed class SafetensorsIndex
{
    private SafetensorsIndex(string path, long? totalSize, OrderedDictionary<string, string> weightMap)
    {
        Path = path;
        TotalSize = totalSize;
        WeightMap = new ReadOnlyDictionary<string, string>(weightMap);
        Files = Array.AsReadOnly(weightMap.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray());
    }

    /// <summary>Gets the path of the index.</summary>
    public string Path { get; }

    /// <summary>Gets the size of all tensors in bytes as stated by the index (<c>total_size</c>); null if it is not stated. It is not verified.</summary>
    public long? TotalSize { get; }

    /// <summary>Gets the file of each tensor by the tensor's name, in the order of the index.</summary>
    public IReadOnlyDictionary<string, string> WeightMap { get; }

    /// <summary>Gets the distinct file names in ordinal order: plain names of <c>.safetensors</c> files in the folder of the index.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Reads an index. The files that it names are not opened.</summary>
    /// <param name="path">The index file.</param>
    /// <exception cref="InvalidDataException">The index is not valid, or names a file outside its folder.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafetensorsIndex Read(string path) => Read(path, ".safetensors");

    /// <summary>Reads an index of the same form for files with another extension.</summary>
    internal static SafetensorsIndex Read(string path, string extension)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long length = new FileInfo(path).Length;
        if (length > SafetensorsHeader.MaxLength)
        {
            throw new InvalidDataException($"{path}: the index has {length} bytes; at most {SafetensorsHeader.MaxLength} are read.");
        }

        return StrictJson.Read($"{path}: the index", File.ReadAllBytes(path), (ref reader) => ReadRoot(ref reader, path, extension));
    }

    private static SafetensorsIndex ReadRoot(ref Utf8JsonReader reader, string path, string extension)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidDataException($"{path}: the index is {JsonText.ShowToken(ref reader)}; it must be an object with a weight_map.");
        }

        long? totalSize = null;
        OrderedDictionary<string, string>? weightMap = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMetadata = reader.ValueTextEquals("metadata"u8);
            bool isWeightMap = reader.ValueTextEquals("weight_map"u8);
            reader.Read();
            if (isMetadata && reader.TokenType == JsonTokenType.StartObject)
            {
                totalSize = ReadTotalSize(ref reader);
            }
            else if (!isWeightMap)
            {
                reader.Skip();
            }
            else if (weightMap is null)
            {
                weightMap = JsonText.ReadStringMap(ref reader, path, "weight_map");
            }
            else
            {
                throw new InvalidDataException($"{path}: weight_map stands in the index twice; it may stand there once.");
            }
        }

        if (weightMap is null || weightMap.Count == 0)
        {
            string found = weightMap is null ? "there is no weight_map" : "the weight_map is empty";
            throw new InvalidDataException($"{path}: {found}; it must map names of tensors to files.");
        }

        RefuseForeignFiles(path, weightMap, extension);
        return new SafetensorsIndex(path, totalSize, weightMap);
    }

    /// <summary>Some writers give the size as 123.0, others leave it out.</summary>
    private static long? ReadTotalSize(ref Utf8JsonReader reader)
    {
        long? totalSize = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isTotalSize = reader.ValueTextEquals("total_size"u8);
            reader.Read();
            if (isTotalSize && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double size) && size is >= 0 and < long.MaxValue)
            {
                totalSize = reader.TryGetInt64(out long whole) ? whole : (long)size;
            }

            reader.Skip();
        }

        return totalSize;
    }

    private static void RefuseForeignFiles(string path, OrderedDictionary<string, string> weightMap, string extension)
    {
        foreach ((string tensor, string file) in weightMap)
        {
            if (!FileNames.IsSafe(file) || file.Length == extension.Length || !file.EndsWith(extension, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{path}: weight_map sends tensor {JsonText.Show(tensor)} to the file {JsonText.Show(file)}; it must name "
                    + $"a {extension} file in the folder of the index: {FileNames.Rule}.");
            }
        }
    }
}
