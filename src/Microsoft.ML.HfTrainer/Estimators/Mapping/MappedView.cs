namespace Microsoft.ML.HfTrainer.Estimators.Mapping;

/// <summary>Data with added columns, which are computed when they are read.</summary>
internal sealed class MappedView(IDataView source, RowMapper mapper) : IDataView
{
    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToList();
        return Open(source.GetRowCursor(mapper.GetDependencies(needed), rand), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = columnsNeeded.ToList();
        if (!mapper.AllowsParallelCursors)
            return [GetRowCursor(needed, rand)];
        var cursors = source.GetRowCursorSet(mapper.GetDependencies(needed), n, rand);
        if (cursors.Length == 1)
            return [Open(cursors[0], needed)];
        var pass = mapper.Begin(cursors.Length);
        return Array.ConvertAll(cursors, DataViewRowCursor (cursor) => new MappedCursor(cursor, mapper.Columns, pass, needed));
    }

    private DataViewRowCursor Open(DataViewRowCursor cursor, List<DataViewSchema.Column> needed)
    {
        var pass = mapper.Begin(1);
        return mapper.Columns.ActiveAdded(needed).Contains(true) ? pass.ReadAhead(cursor, mapper.Columns, needed) : new MappedCursor(cursor, mapper.Columns, pass, needed);
    }
}
