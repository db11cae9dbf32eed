using Microsoft.ML.HfTrainer.Data.Storage;

namespace Microsoft.ML.HfTrainer.Data.Files;

/// <summary>A dataset that stores the rows of a file.</summary>
internal sealed class FileDataset : Dataset
{
    private readonly string _path;
    private readonly ColumnKinds _kinds;
    private readonly ExampleStore _rows;

    /// <exception cref="InvalidDataException">The file has no rows, or a row is invalid.</exception>
    public FileDataset(string path, IEnumerable<(FilePosition Position, Example Row)> rows, ColumnKinds kinds, DataFileOptions options)
    {
        (_path, _kinds) = (path, kinds);
        _rows = ExampleStore.Of(rows.Select(Observed), new MemoryBudget(options.MemoryBudget));
        if (_rows.Count == 0)
            throw new InvalidDataException($"{path}: the file has no rows.");
    }

    public override int Count => _rows.Count;

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
        _kinds.Observe(row.Position, row.Row);
        return row.Row;
    }
}
