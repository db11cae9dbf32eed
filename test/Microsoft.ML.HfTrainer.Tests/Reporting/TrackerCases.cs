using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Reporting;

/// <summary>The golden data of trackers: logs and conversations of the Python clients. The repository holds a small part of them.</summary>
internal static class TrackerCases
{
    public const string Category = "GoldenTrackers";

    public static string Folder { get; } = Path.Combine(GoldenFolder.Path, "trackers");

    /// <summary>The files below a folder that fit a pattern, by their paths in the golden data; none if the folder is not there.</summary>
    public static IEnumerable<object[]> Files(string folder, params string[] patterns)
    {
        var root = Path.Combine(Folder, folder);
        return !Directory.Exists(root) ? [] : patterns.SelectMany(pattern => Directory.GetFiles(root, pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal).Select(file => new object[] { file });
    }

    public static JsonObject Object(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsObject();

    /// <summary>The objects of a file of JSON lines, unpacked if its name ends in .gz.</summary>
    public static List<JsonObject> Lines(string file)
    {
        using var stream = File.OpenRead(Path.Combine(Folder, file));
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
