namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Data with the columns of a task, computed in batches when they are read.</summary>
internal sealed class PredictionView<TPrediction>(IDataView source, PredictionMapper<TPrediction> mapper) : IDataView
{
    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToList();
        var active = mapper.Columns.ActiveAdded(needed);
        var cursor = source.GetRowCursor(mapper.GetDependencies(needed), rand);
        return active.Contains(true)
            ? new PredictionCursor<TPrediction>(cursor, mapper, [.. mapper.Columns.Passed(needed)], active)
            : new MappedCursor(cursor, mapper.Columns, mapper.Begin(1), needed);
    }

    // One cursor: batches are computed on all cores already, and cursors side by side would only have them wait for each other.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
