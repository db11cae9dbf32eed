using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Reporting;

/// <summary>The settings of a run as trackers show them: the configuration of the model and the training arguments in one list, in which the arguments win.</summary>
internal static class TrackedConfig
{
    public static IReadOnlyList<KeyValuePair<string, JsonNode?>> Of(ReportedRun run)
    {
        var merged = new OrderedDictionary<string, JsonNode?>();
        foreach (var (name, value) in Fields(run.ModelConfig))
            merged[name] = value;
        foreach (var (name, value) in Fields(run.Arguments))
            merged[name] = name.EndsWith("_token", StringComparison.Ordinal) ? $"<{name.ToUpperInvariant()}>" : value;
        return [.. merged];
    }

    private static JsonObject Fields(string? json) => json is null ? [] : PythonJson.ParseObject(Encoding.UTF8.GetBytes(json));
}
