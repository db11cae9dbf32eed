using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;
using Microsoft.ML.HfTrainer.Native;

namespace Microsoft.ML.HfTrainer.Checkpoints;

/// <summary>The list of the files of a checkpoint with their sizes and SHA-256 hashes. It is written last: a checkpoint that agrees with it is intact.</summary>
internal static class CheckpointManifest
{
    public const string FileName = "manifest.json";

    /// <summary>Indicates whether a folder has a manifest.</summary>
    public static bool IsThere(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Flushes every file of a folder to disk, then writes and flushes the manifest.</summary>
    public static void Write(string folder)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("files");
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                FileSync.File(path);
                writer.WriteStartObject(Path.GetRelativePath(folder, path).Replace('\\', '/'));
                writer.WriteNumber("size", new FileInfo(path).Length);
                writer.WriteString("sha256", HashOf(path));
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        SavePoint.Reach("hashed");
        var manifest = Path.Combine(folder, FileName);
        File.WriteAllBytes(manifest, buffer.ToArray());
        SavePoint.Reach("manifest");
        FileSync.File(manifest);
    }

    /// <summary>Describes the first difference between a folder and its manifest, with the name of the file; returns null if they agree.</summary>
    public static string? FindDamage(string folder)
    {
        JsonObject files;
        try
        {
            files = PythonJson.ReadObject(Path.Combine(folder, FileName))["files"] as JsonObject ?? [];
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            return failure.Message;
        }
        if (files.Count == 0)
            return $"{FileName} lists no files";
        // Sizes are compared first, since they need no reading.
        return files.Select(file => WrongSize(folder, file.Key, file.Value)).FirstOrDefault(damage => damage is not null)
            ?? files.Select(file => WrongHash(folder, file.Key, file.Value!)).FirstOrDefault(damage => damage is not null);
    }

    private static string? WrongSize(string folder, string name, JsonNode? listed)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists)
            return $"{name} is missing";
        return PythonJson.Number((listed as JsonObject)?["size"]) is not { } size ? $"{FileName} gives no size of {name}"
            : file.Length != size ? FormattableString.Invariant($"{name} has {file.Length} bytes, and {FileName} says {size}")
            : null;
    }

    private static string? WrongHash(string folder, string name, JsonNode listed) =>
        HashOf(Path.Combine(folder, name)) == listed["sha256"]?.ToString() ? null : $"the content of {name} does not match its SHA-256 in {FileName}";

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
