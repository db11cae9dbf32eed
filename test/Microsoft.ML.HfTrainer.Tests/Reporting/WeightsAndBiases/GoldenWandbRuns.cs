using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.ML.HfTrainer.Reporting.WeightsAndBiases;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Golden;

namespace Microsoft.ML.HfTrainer.Tests.Reporting.WeightsAndBiases;

/// <summary>Runs recorded by the Python client, reported again from the values that were logged: the logs say the same.</summary>
[TestClass]
[TestCategory(TrackerCases.Category)]
public sealed class GoldenWandbRuns
{
    private const string Axis = "train/global_step";

    private static readonly string[] _totals = ["train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss", "total_flos"];

    // What the trainer does not do: the script that was recorded did it by hand.
    private static readonly Dictionary<string, string> _missing = new()
    {
        ["artifact"] = "artifacts (WANDB_LOG_MODEL)",
        ["basic"] = "values that are not numbers, and metrics with rules of their own",
        ["big"] = "values that are not numbers",
        ["sysexit"] = "a run that its script ends",
        ["update"] = "a run that is renamed while it is recorded",
        ["killed"] = "a log of no record",
        ["handmade-no-summary"] = "a log without a summary",
        ["minimal-records"] = "values that are not numbers",
    };

    public static IEnumerable<object[]> Rows => GoldenTransactionLogs.Logs;

    public static string RowName(MethodInfo method, object[] row) => $"{method.Name}: {row[0]}";

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trackers/wandb, logs", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Is_reported_again(string log)
    {
        if (_missing.TryGetValue(log.Contains("/offline/") ? log.Split('/')[^2] : Path.GetFileNameWithoutExtension(log), out var part))
            GoldenFolder.Skip($"{log}: {part}");
        var schema = new WandbSchema();
        var golden = new LoggedWandbRun(schema.ReadLog(Path.Combine(TrackerCases.Folder, log)));
        using var folder = new TemporaryFolder();
        Report(golden, folder.Path);
        var differences = new Differences();
        golden.Compare(new LoggedWandbRun(schema.ReadLog(Directory.GetFiles(folder.Path, "*.wandb", SearchOption.AllDirectories).Single())), differences);
        differences.AssertNone();
    }

    private static void Report(LoggedWandbRun golden, string folder)
    {
        var run = golden.Run!;
        var settings = new WandbSettings
        {
            Folder = folder,
            Mode = WandbSettings.Offline,
            RunId = (string)run["run_id"]!,
            Group = (string?)run["run_group"],
            JobType = (string?)run["job_type"],
            Notes = (string?)run["notes"],
            Tags = [.. (run["tags"]?.AsArray() ?? []).Select(tag => (string)tag!)],
            Resume = run["resume"] is null ? WandbResume.None : WandbResume.Allow,
        };
        var config = new JsonObject(golden.Config.Where(field => field.Key != "model/num_parameters").Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        var reporter = new WeightsAndBiasesReporter(settings);
        reporter.Begin(new ReportedRun
        {
            RunName = (string?)run["display_name"],
            Arguments = config.ToJsonString(),
            ParameterCount = (long?)golden.Config.GetValueOrDefault("model/num_parameters"),
        });
        var totals = golden.Summary.Where(value => _totals.Contains(value.Key)).Select(value => KeyValuePair.Create(value.Key, value.Value!.GetValue<double>())).ToList();
        var last = golden.Rows.FindLastIndex(row => !IsPrediction(row));
        foreach (var (index, row) in golden.Rows.Index())
        {
            var logged = new LogRecord(row.Where(value => value.Key != Axis && value.Key[0] != '_').Select(value => KeyValuePair.Create(Logged(value.Key), value.Value)));
            if (IsPrediction(row))
                reporter.ReportPrediction(logged);
            else
                reporter.Report(index == last ? new LogRecord(logged.Concat(totals)) : logged, (int)row[Axis]);
        }
        if (golden.ExitCode == WandbRun.Failed)
            reporter.Fail(new InvalidOperationException("CUDA out of memory"));
        if (golden.ExitCode is not null)
            reporter.Dispose();
    }

    private static bool IsPrediction(SortedDictionary<string, double> row) => row.Keys.Any(name => name.StartsWith("test/", StringComparison.Ordinal));

    private static string Logged(string name) => name.StartsWith("train/", StringComparison.Ordinal) ? name["train/".Length..] : name.Replace('/', '_');
}
