using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.WeightsAndBiases;

/// <summary>What a transaction log says of its run, whatever the order of its records.</summary>
internal sealed class LoggedWandbRun
{
    private static readonly string[] _described = ["run_id", "project", "entity", "run_group", "job_type", "display_name", "notes", "tags", "resume"];

    // What differs from run to run.
    private static readonly string[] _clock = ["_runtime", "_timestamp"];

    public LoggedWandbRun(IEnumerable<(string Type, JsonObject Content)> records)
    {
        foreach (var (type, content) in records)
        {
            switch (type)
            {
                case "run":
                    Run ??= content;
                    Add(Config, content["config"]);
                    break;
                case "config": Add(Config, content); break;
                case "metric": Axes.Add(content.ToJsonString()); break;
                case "history": Rows.Add(Numbers(Items(content["item"]))); break;
                case "summary": Add(Summary, content); break;
                case "exit": ExitCode = (int?)content["exit_code"] ?? 0; break;
            }
        }
        Config.Remove("_wandb");
    }

    public JsonObject? Run { get; }

    public SortedDictionary<string, JsonNode?> Config { get; } = new(StringComparer.Ordinal);

    public List<string> Axes { get; } = [];

    public List<SortedDictionary<string, double>> Rows { get; } = [];

    public SortedDictionary<string, JsonNode?> Summary { get; } = new(StringComparer.Ordinal);

    /// <summary>The exit code; null if the log has no end.</summary>
    public int? ExitCode { get; }

    public static string NameOf(JsonNode item) => (string?)item["key"] ?? string.Join('.', item["nested_key"]!.AsArray().Select(part => (string)part!));

    public void Compare(LoggedWandbRun actual, Differences differences)
    {
        foreach (var field in _described)
            differences.Same(field, Run![field]?.ToJsonString(), actual.Run![field]?.ToJsonString());
        Compare("config", Config, actual.Config, differences);
        // A script may record without them; the trainer does not.
        if (Axes.Count > 0)
            differences.List("axes", Axes, actual.Axes);
        differences.Same("rows", Rows.Count, actual.Rows.Count);
        foreach (var (index, (expected, row)) in Rows.Zip(actual.Rows).Index())
        {
            differences.Names($"row {index}", expected.Keys, row.Keys);
            foreach (var name in expected.Keys.Intersect(row.Keys).Except(_clock))
                differences.Number($"row {index}, {name}", expected[name], row[name], 0);
        }
        Compare("summary", Summary, actual.Summary, differences);
        differences.Same("exit code", ExitCode, actual.ExitCode);
    }

    private static void Compare(string name, SortedDictionary<string, JsonNode?> expected, SortedDictionary<string, JsonNode?> actual, Differences differences)
    {
        differences.Names(name, expected.Keys, actual.Keys);
        foreach (var key in expected.Keys.Intersect(actual.Keys).Except([.. _clock, "_wandb.runtime"]))
            if (!JsonNode.DeepEquals(expected[key], actual[key]))
                differences.Same($"{name}, {key}", expected[key]?.ToJsonString(), actual[key]?.ToJsonString());
    }

    private static void Add(SortedDictionary<string, JsonNode?> values, JsonNode? updates)
    {
        foreach (var (name, json) in Items(updates?["update"]))
            values[name] = JsonNode.Parse(json is "NaN" or "Infinity" or "-Infinity" ? $"\"{json}\"" : json);
    }

    private static IEnumerable<(string Name, string Json)> Items(JsonNode? items) =>
        items is null ? [] : items.AsArray().Select(item => (NameOf(item!), (string)item!["value_json"]!));

    // Rows with other values than numbers are no rows of the trainer.
    private static SortedDictionary<string, double> Numbers(IEnumerable<(string Name, string Json)> items) =>
        new(items.ToDictionary(item => item.Name, item => double.TryParse(item.Json, CultureInfo.InvariantCulture, out var number) ? number : throw new NotSupportedException(item.Name)), StringComparer.Ordinal);
}
