using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>Writes the JSON files of a checkpoint.</summary>
internal static class CheckpointJson
{
    /// <summary>Writes an object with indentation.</summary>
    public static void Write(string path, JsonObject value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
            value.WriteTo(writer);
        buffer.WriteByte((byte)'\n');
        File.WriteAllBytes(path, buffer.ToArray());
    }
}
