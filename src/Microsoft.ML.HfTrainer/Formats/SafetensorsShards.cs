using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>
/// Writes a model's weights into a folder: as one file, or, where they are larger than a shard may be, as <c>model-00001-of-00003.safetensors</c> and so on
/// with an index. What an earlier save left there under other names is removed, so that the folder holds one model.
/// </summary>
internal static partial class SafetensorsShards
{
    /// <summary>Writes the weights.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="tensors">The tensors; shards are filled in this order.</param>
    /// <param name="metadata">Free texts for every header.</param>
    /// <param name="maxShardSize">How many bytes of tensors a file may hold; a tensor that is larger has a file to itself.</param>
    public static void Write(string folder, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata, long maxShardSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardSize, 1);
        var shards = Split(tensors, maxShardSize);
        if (shards is [var single])
        {
            SafetensorsWriter.Write(Path.Combine(folder, WeightFiles.SingleName), single, metadata);
            RemoveOthers(folder, [WeightFiles.SingleName]);
            return;
        }
        var names = shards.Select((_, i) => $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors").ToList();
        foreach (var (name, shard) in names.Zip(shards))
            SafetensorsWriter.Write(Path.Combine(folder, name), shard, metadata);
        WriteIndex(Path.Combine(folder, WeightFiles.IndexName), names, shards);
        RemoveOthers(folder, [WeightFiles.IndexName, .. names]);
    }

    // In the order given and without looking back, as Hugging Face Transformers does.
    private static List<List<SafetensorsTensor>> Split(IEnumerable<SafetensorsTensor> tensors, long maxShardSize)
    {
        var (shards, current, size) = (new List<List<SafetensorsTensor>>(), new List<SafetensorsTensor>(), 0L);
        foreach (var tensor in tensors)
        {
            var length = Length(tensor);
            if (length > maxShardSize)
            {
                shards.Add([tensor]);
                continue;
            }
            if (size + length > maxShardSize)
            {
                shards.Add(current);
                (current, size) = ([], 0);
            }
            current.Add(tensor);
            size += length;
        }
        if (current.Count > 0 || shards.Count == 0)
            shards.Add(current);
        return shards;
    }

    private static void WriteIndex(string path, List<string> names, List<List<SafetensorsTensor>> shards)
    {
        var all = shards.SelectMany(s => s).ToList();
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_parameters", all.Sum(t => t.Shape.Aggregate(1L, (product, d) => product * d)));
            json.WriteNumber("total_size", all.Sum(Length));
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            foreach (var (tensor, name) in names.Zip(shards).SelectMany(p => p.Second.Select(t => (t.Name, p.First))).OrderBy(p => p.Name, StringComparer.Ordinal))
                json.WriteString(tensor, name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        // Renamed into place, so that at any moment there is a whole index or none.
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        File.WriteAllBytes(temporary, buffer.ToArray());
        FileMoves.Replace(temporary, path);
    }

    // A single file is read before an index, so one that is left would be taken for the model.
    private static void RemoveOthers(string folder, string[] written)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "model*.safetensors*").ToList())
            if (Path.GetFileName(path) is var name && !written.Contains(name) && (name is WeightFiles.SingleName or WeightFiles.IndexName || Shard().IsMatch(name)))
                File.Delete(path);
    }

    private static long Length(SafetensorsTensor tensor) => tensor.DType.BitLength([.. tensor.Shape]) / 8;

    [GeneratedRegex(@"^model-\d{5}-of-\d{5}\.safetensors$")]
    private static partial Regex Shard();
}
