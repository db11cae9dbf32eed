using System.Globalization;
using Microsoft.ML.HfTrainer.Reporting.LogFiles;

namespace Microsoft.ML.HfTrainer;

/// <summary>
/// Writes the log as a table of comma-separated values: a row for each record, a column for each name, <c>step</c> and <c>epoch</c> first, empty where a
/// record lacks the name.
/// </summary>
/// <remarks>
/// <para>The names are known only as they come: the first record with a new one, such as the first evaluation, adds its columns at the right, and the file is
/// written again beside its place and renamed. All other records are appended.</para>
/// <para>A run starts the file anew; one that goes on from a checkpoint keeps the records up to that checkpoint, and so has no record twice. Each record is
/// on disk when the next update begins; a process that is killed leaves at most the last line in part.</para>
/// </remarks>
/// <param name="path">The file; its folder is made if need be.</param>
public sealed class CsvReporter(string path) : ITrainerReporter
{
    private static readonly string[] _first = ["step", "epoch"];

    private readonly LogFile _file = new(path);
    private List<string>? _columns;

    /// <inheritdoc/>
    public void Begin(CallbackContext context)
    {
        var history = context.State.LogHistory;
        _columns = [.. _first.Concat(history.SelectMany(record => record.Keys)).Distinct()];
        _file.Replace(history.Select(Row).Prepend(CsvText.Join(_columns)));
    }

    /// <inheritdoc/>
    public void Report(CallbackContext context, LogRecord logs)
    {
        var record = new LogRecord(logs) { ["step"] = context.State.GlobalStep };
        _columns ??= _file.ReadLines() is [var header, ..] ? CsvText.Split(header) : [];
        string[] added = [.. (_columns.Count == 0 ? _first : []).Concat(record.Keys).Distinct().Except(_columns)];
        if (added.Length > 0)
            AddColumns(added);
        _file.Append(Row(record));
    }

    private void AddColumns(string[] added)
    {
        var rows = _file.ReadLines().Skip(1).Select(row => row + new string(',', added.Length));
        _columns!.AddRange(added);
        _file.Replace(rows.Prepend(CsvText.Join(_columns)));
    }

    private string Row(LogRecord record) => CsvText.Join(_columns!.Select(name => record.TryGetValue(name, out var value)
        ? value.ToString("R", CultureInfo.InvariantCulture)
        : ""));
}
