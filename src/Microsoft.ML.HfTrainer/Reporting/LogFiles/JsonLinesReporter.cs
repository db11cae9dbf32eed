using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.HfTrainer.Reporting.LogFiles;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes each log record as one line of JSON with its values by name and its <c>step</c>, like an entry of <c>log_history</c> in <c>trainer_state.json</c>. JSON has no
/// non-finite numbers: they are written as the strings <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.
/// </summary>
/// <remarks>
/// A run replaces the file; a run that resumes from a checkpoint keeps the records up to that checkpoint, so that no record is written twice. A record is on disk before
/// the next update begins; a process that is killed leaves at most an incomplete last line. Records that cannot be written, because another program has the file open, are
/// kept and written with the next one.
/// </remarks>
/// <param name="path">The file. Its folder is created if it does not exist.</param>
public sealed class JsonLinesReporter(string path) : ITrainerReporter
{
    private readonly LogFile _file = new(path);
    private readonly List<string> _pending = [];
    private bool _replaces;

    /// <inheritdoc/>
    public void Begin(ReportedRun run)
    {
        _replaces = true;
        _pending.Clear();
        _pending.AddRange(run.LogHistory.Select(Line));
        Write();
    }

    /// <inheritdoc/>
    public void Report(LogRecord logs, int step)
    {
        _pending.Add(Line(new LogRecord(logs) { ["step"] = step }));
        Write();
    }

    /// <inheritdoc/>
    public void End() => Write();

    private void Write()
    {
        if (_replaces)
            _file.Replace(_pending);
        else if (_pending.Count > 0)
            _file.Append(_pending);
        _pending.Clear();
        _replaces = false;
    }

    private static string Line(LogRecord record)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in record)
                Write(writer, name, value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
