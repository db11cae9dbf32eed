using System.Reflection;
using System.Text.Json;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>The cases of the golden folder <c>distributed</c>.</summary>
internal static class DistributedCases
{
    public const string Category = "GoldenDistributed";

    private static string Suite => Path.Combine(GoldenFolder.Path, "distributed");

    /// <summary>One row for each entry of a list: its name and its place in the list.</summary>
    public static IEnumerable<object[]> Rows(string file, string list) =>
        Find(file, list).Select((entry, index) => new object[] { NameOf(entry) ?? $"{Path.GetFileNameWithoutExtension(file)} {index}", index });

    public static string RowName(MethodInfo method, object[] row) => (string)row[0];

    /// <summary>An entry of a list.</summary>
    public static JsonElement Get(string file, string list, int index) => Find(file, list)[index];

    private static List<JsonElement> Find(string file, string list)
    {
        var path = Path.Combine(Suite, file);
        if (!File.Exists(path))
            return [];
        using var document = GoldenFolder.ReadJson(path);
        return [.. document.RootElement.Clone().GetProperty(list).EnumerateArray()];
    }

    private static string? NameOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.String ? entry.GetString() : entry.TryGetProperty("name", out var name) ? name.GetString() : null;
}
