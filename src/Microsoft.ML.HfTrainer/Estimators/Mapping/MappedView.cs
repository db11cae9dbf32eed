namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Data with added columns that are computed row by row; its cursors may run side by side.</summary>
internal sealed class MappedView(IDataView source, RowMapper mapper) : IDataView
{
    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToList();
        var cursor = source.GetRowCursor(mapper.GetDependencies(needed), rand);
        return new MappedCursor(cursor, mapper.Columns, mapper.Begin(1), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = columnsNeeded.ToList();
        var cursors = source.GetRowCursorSet(mapper.GetDependencies(needed), n, rand);
        var pass = mapper.Begin(cursors.Length);
        return Array.ConvertAll(cursors, DataViewRowCursor (cursor) => new MappedCursor(cursor, mapper.Columns, pass, needed));
    }
}
