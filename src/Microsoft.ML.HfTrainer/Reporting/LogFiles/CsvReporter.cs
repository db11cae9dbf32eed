using System.Globalization;
using Microsoft.ML.HfTrainer.Reporting.LogFiles;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes the log as a table of comma-separated values: one row per record and one column per name, <c>step</c> and <c>epoch</c> first. A cell is empty if the record
/// lacks the name.
/// </summary>
/// <remarks>
/// <para>The names are not known in advance: the first record with a new name, such as the first evaluation, adds columns on the right, and the file is rewritten under a
/// temporary name and renamed. All other records are appended.</para>
/// <para>A run replaces the file; a run that resumes from a checkpoint keeps the records up to that checkpoint, so that no record is written twice. A record is on disk
/// before the next update begins; a process that is killed leaves at most an incomplete last line. Records that cannot be written, because another program has the file
/// open, are kept and written with the next one.</para>
/// </remarks>
/// <param name="path">The file. Its folder is created if it does not exist.</param>
public sealed class CsvReporter(string path) : ITrainerReporter
{
    private static readonly string[] _first = ["step", "epoch"];

    private readonly LogFile _file = new(path);
    private readonly List<LogRecord> _pending = [];
    private IReadOnlyList<string>? _columns;
    private bool _replaces;

    /// <inheritdoc/>
    public void Begin(ReportedRun run)
    {
        _replaces = true;
        _pending.Clear();
        _pending.AddRange(run.LogHistory);
        Write();
    }

    /// <inheritdoc/>
    public void Report(LogRecord logs, int step)
    {
        _pending.Add(new LogRecord(logs) { ["step"] = step });
        Write();
    }

    /// <inheritdoc/>
    public void End() => Write();

    private void Write()
    {
        var known = _replaces ? [] : _columns ?? ReadColumns();
        IReadOnlyList<string> columns = [.. known, .. (known.Count == 0 ? _first : []).Concat(_pending.SelectMany(record => record.Keys)).Distinct().Except(known)];
        string[] rows = [.. _pending.Select(record => Row(columns, record))];
        if (_replaces)
            _file.Replace([CsvText.Join(columns), .. rows]);
        else if (columns.Count > known.Count)
            _file.Replace([CsvText.Join(columns), .. _file.ReadLines().Skip(1).Select(row => row + new string(',', columns.Count - known.Count)), .. rows]);
        else if (rows.Length > 0)
            _file.Append(rows);
        (_columns, _replaces) = (columns, false);
        _pending.Clear();
    }

    private IReadOnlyList<string> ReadColumns() => _file.ReadLines() is [var header, ..] ? CsvText.Split(header) : [];

    private static string Row(IReadOnlyList<string> columns, LogRecord record) =>
        CsvText.Join(columns.Select(name => record.TryGetValue(name, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : ""));
}
