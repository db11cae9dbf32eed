using System.Reflection;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Reporting.TensorBoard;
using Microsoft.ML.HfTrainer.Tests.Formats;
using Microsoft.ML.HfTrainer.Tests.Reporting.TensorBoard;

namespace Microsoft.ML.HfTrainer.Tests.Golden;

/// <summary>Event files of the original's runs: read, and the same log written again and compared event by event.</summary>
[TestClass]
[TestCategory("GoldenTrainer")]
public class GoldenTensorBoard
{
    private static string Suite => Path.Combine(GoldenFolder.Path, "trainer", "checkpoint");

    public static IEnumerable<object[]> Rows => !Directory.Exists(Suite) ? [] : Directory.GetDirectories(Suite)
        .Where(folder => Directory.GetFiles(folder, "events.out.tfevents.*").Length > 0).Select(folder => new object[] { Path.GetFileName(folder) });

    public static string RowName(MethodInfo method, object[] row) => (string)row[0];

    [TestMethod]
    public void Cases_are_found() => GoldenFolder.AssertFound("trainer/checkpoint, folders with event files", Rows.Count());

    [TestMethod]
    [DynamicData(nameof(Rows), DynamicDataDisplayName = nameof(RowName))]
    public void Agrees(string name)
    {
        var (golden, expected) = Read(name);
        using var folder = new TemporaryFolder();
        var reporter = new TensorBoardReporter(folder.Path);
        foreach (var record in expected.GetProperty("log_history").EnumerateArray())
        {
            var values = record.EnumerateObject().Where(p => p.Name != "step").Select(p => KeyValuePair.Create(p.Name, p.Value.GetDouble()));
            reporter.Report(new LogRecord(values), record.GetProperty("step").GetInt32());
        }
        var file = EventFileReader.FilesOf(folder.Path).Single();
        new FileNamePattern(expected.GetProperty("file_name_pattern").GetString()!).AssertFits(file);
        // The texts of the original's own settings and model, by the writer of ours.
        new EventFile(folder.Path).Append(golden.Where(e => e.Text is not null).Select(e => EventMessage.Text(e.Tag!.Split('/')[0], e.Text!)));
        var ours = EventFileReader.FilesOf(folder.Path).Select(EventFileReader.Read).ToList();

        var differences = new Differences();
        foreach (var events in ours.Prepend(golden))
            differences.Same("the version of the file", "brain.Event:2", events[0].Version);
        differences.List("scalars", golden.FindAll(e => e.Scalar is not null), ours[0].FindAll(e => e.Version is null));
        differences.List("texts", golden.FindAll(e => e.Text is not null), ours[1].FindAll(e => e.Version is null));
        differences.AssertNone();
    }

    // The reader is right if it finds in the original's file what TensorBoard found in it.
    private static (List<LoggedEvent> Golden, JsonElement Expected) Read(string name)
    {
        var folder = Path.Combine(Suite, name);
        using var document = GoldenFolder.ReadJson(Path.Combine(folder, "expected.json"));
        var (expected, differences) = (document.RootElement.Clone(), new Differences());
        var events = Directory.GetFiles(folder, "events.out.tfevents.*").SelectMany(EventFileReader.Read).ToList();
        differences.List("scalars", [.. expected.GetProperty("scalars").EnumerateArray().Select(s =>
            (s.GetProperty("tag").GetString(), s.GetProperty("step").GetInt64(), (float?)s.GetProperty("value").GetSingle()))],
            [.. events.Where(e => e.Scalar is not null).Select(e => (e.Tag, e.Step, e.Scalar))]);
        differences.List("texts", [.. expected.GetProperty("texts").EnumerateArray().Select(t =>
            (t.GetProperty("tag").GetString(), t.GetProperty("step").GetInt64(), t.GetProperty("value")[0].GetString(), t.GetProperty("plugin").GetString()))],
            [.. events.Where(e => e.Text is not null).Select(e => (e.Tag, e.Step, e.Text![..Math.Min(400, e.Text!.Length)], e.Plugin))]);
        differences.AssertNone();
        return (events, expected);
    }

    private sealed class FileNamePattern(string pattern)
    {
        public void AssertFits(string file)
        {
            var (parts, found) = (pattern.Split('.'), Path.GetFileName(file).Split('.'));
            // A host's name may have dots of its own.
            Assert.IsGreaterThanOrEqualTo(parts.Length, found.Length);
            CollectionAssert.AreEqual(parts[..3], found[..3]);
            Assert.IsGreaterThan(1_000_000_000, long.Parse(found[3]));
            Assert.AreEqual(Environment.ProcessId, int.Parse(found[^2]));
        }
    }
}
