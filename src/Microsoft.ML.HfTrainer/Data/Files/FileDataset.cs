using Microsoft.ML.HfTrainer.Data.Storage;
using Microsoft.ML.HfTrainer.Formats;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>A dataset that stores the rows of a file.</summary>
internal sealed class FileDataset : Dataset
{
    private readonly string _path;
    private readonly ColumnKinds _kinds;
    private readonly ExampleStore _rows;
    private readonly HashSet<string> _untaken;

    /// <exception cref="InvalidDataException">The file has no rows, or a row is invalid.</exception>
    public FileDataset(string path, IEnumerable<(FilePosition Position, Example Row)> rows, ColumnKinds kinds, DataFileOptions options)
    {
        (_path, _kinds, _untaken) = (path, kinds, [.. options.Types.Keys.Where(options.Takes)]);
        _rows = ExampleStore.Of(rows.Select(Observed), new MemoryBudget(options.MemoryBudget));
        if (_rows.Count == 0)
            throw new InvalidDataException($"{path}: the file has no rows.");
        // Rows may lack a column, such as labels, but not for a misspelling.
        if (_untaken.FirstOrDefault() is { } untaken && NamedChoice.Suggestion(untaken, _rows[0].Keys) is { Length: > 0 } suggestion)
            throw new InvalidDataException($"{path}: no row has the column '{untaken}', of which the options give the type.{suggestion}");
    }

    public override int Count => _rows.Count;

    internal override string? Source => _path;

    internal override bool MayStall => false;

    public override Example this[int index]
    {
        get
        {
            var example = new Example { Origin = $"{_path}, row {index + 1}" };
            foreach (var (column, value) in _rows[index])
                if (_kinds.Convert(column, value) is { IsDefault: false } feature)
                    example[column] = feature;
            return example;
        }
    }

    protected override void Dispose(bool disposing) => _rows.Dispose();

    private Example Observed((FilePosition Position, Example Row) row)
    {
        if (_untaken.Count > 0)
            _untaken.RemoveWhere(row.Row.ContainsKey);
        _kinds.Observe(row.Position, row.Row);
        return row.Row;
    }
}
