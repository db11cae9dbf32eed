using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.HfTrainer.Formats;

/// <summary>JSON as Python writes and reads it: with NaN and the infinities as bare names, which JSON itself has not.</summary>
internal static class PythonJson
{
    private static readonly byte[][] _names = ["NaN"u8.ToArray(), "-Infinity"u8.ToArray(), "Infinity"u8.ToArray()];

    /// <summary>Parses a text; a bare name comes back as the same name in quotes.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonObject ParseObject(ReadOnlySpan<byte> json) =>
        JsonNode.Parse(Quote(json), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("it is no object.");

    /// <summary>Reads a file that holds an object.</summary>
    /// <exception cref="InvalidDataException">It holds none.</exception>
    public static JsonObject ReadObject(string path)
    {
        try
        {
            return ParseObject(File.ReadAllBytes(path));
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"{path}: the file is no JSON object: {failure.Message}", failure);
        }
    }

    /// <summary>The number that a node holds, a name included; null where it holds none.</summary>
    public static double? Number(JsonNode? node) => node?.GetValueKind() switch
    {
        // A node made in C# gives its number in no other type than it was made of.
        JsonValueKind.Number => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture),
        JsonValueKind.String when node.GetValue<string>() is "NaN" or "Infinity" or "-Infinity" => double.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture),
        _ => null,
    };

    private static byte[] Quote(ReadOnlySpan<byte> json)
    {
        var quoted = new List<byte>(json.Length + 16);
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (!inString && NameAt(json[i..]) is { } name)
            {
                quoted.Add((byte)'"');
                quoted.AddRange(name);
                quoted.Add((byte)'"');
                i += name.Length - 1;
                continue;
            }
            quoted.Add(json[i]);
            if (inString && json[i] == '\\' && i + 1 < json.Length)
                quoted.Add(json[++i]);
            else if (json[i] == '"')
                inString = !inString;
        }
        return [.. quoted];
    }

    private static byte[]? NameAt(ReadOnlySpan<byte> json)
    {
        if (json[0] is not ((byte)'N' or (byte)'I' or (byte)'-'))
            return null;
        foreach (var name in _names)
            if (json.StartsWith(name))
                return name;
        return null;
    }
}
